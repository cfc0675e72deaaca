import { assertEquals } from "@std/assert";
import { platform } from "../../support/platform.ts";
import { readContent } from "../../../lib/watch/index/content.ts";

const on = platform();

/** What is made of a path that was a file of so many bytes when it was looked at, and is another thing by now. */
function contentOf(sizeBytes: number, replace: (path: string) => void): bigint {
  const folder = Deno.makeTempDirSync({ prefix: "baton_content_" });
  try {
    const path = `${folder}/a`;
    Deno.writeFileSync(path, new Uint8Array(sizeBytes));
    const stat = on.files.stat(path)!;
    Deno.removeSync(path);
    replace(path);
    return readContent(on, path, stat);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const sizeBytes of [5, 100_000]) {
  for (
    const [what, replace] of [
      ["a pipe", (path: string) => void new Deno.Command("mkfifo", { args: [path] }).outputSync()],
      ["a device without end", (path: string) => Deno.symlinkSync("/dev/zero", path)],
      ["a folder", (path: string) => Deno.mkdirSync(path)],
      ["nothing", () => {}],
      [
        "a huge file",
        (path: string) =>
          void new Deno.Command("truncate", { args: ["-s", "3G", path] }).outputSync(),
      ],
    ] as const
  ) {
    Deno.test(`a file of ${sizeBytes} bytes that has become ${what} is waited for by nobody`, () => {
      assertEquals(typeof contentOf(sizeBytes, replace), "bigint");
    });
  }
}
