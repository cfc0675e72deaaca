import { assertEquals } from "@std/assert";
import { testBatches } from "../../tools/test_batches.ts";

const names = (folder: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${folder}/${String(at).padStart(2, "0")}_test.ts`);

Deno.test("files of one folder are run one after the other, those of large folders in parts", () => {
  const [a, b, c] = [names("tests/a", 17), names("tests/b/deep", 2), ["tests/c_test.ts"]];
  assertEquals(testBatches([...b, ...c, ...a]), [a.slice(0, 9), a.slice(9), b, c]);
});
