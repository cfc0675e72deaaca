import { assertEquals } from "@std/assert";
import { nodeFiles } from "../../../lib/platform/node/files.ts";

Deno.test({
  name: "a file that is written without a mode is as the umask has it",
  ignore: Deno.build.os === "windows",
  fn() {
    const folder = Deno.makeTempDirSync();
    const before = Deno.umask(0o077);
    try {
      nodeFiles.writeAtomically(`${folder}/private`, "");
      Deno.umask(0o022);
      nodeFiles.writeAtomically(`${folder}/public`, "");
    } finally {
      Deno.umask(before);
    }
    const modes = ["private", "public"].map((name) => Deno.statSync(`${folder}/${name}`).mode);
    Deno.removeSync(folder, { recursive: true });
    assertEquals(modes.map((mode) => mode! & 0o777), [0o600, 0o644]);
  },
});
