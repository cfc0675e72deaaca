import { assertEquals } from "@std/assert";

const fixture = new URL("../../fixtures/looks_without_room.ts", import.meta.url).pathname;

Deno.test("who runs is known, and can be ended, with no room for one more open file", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", `ulimit -n 200; exec "${Deno.execPath()}" run -A --quiet ${fixture}`],
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(text(stdout), "EMFILE\n[]\n3 true true\ngone\n", text(stderr));
});
