/** What baton's part of a Python program's start leaves for the program to see. */
import { assertEquals } from "@std/assert";
import { copySync } from "@std/fs/copy";
import { PYTHON } from "../support/running.ts";

const clients = new URL("../../clients/python", import.meta.url).pathname;

Deno.test("compiling the client imports nothing for the program, and is done once", () => {
  const folder = Deno.makeTempDirSync({ prefix: "baton-client-" });
  try {
    copySync(clients, `${folder}/python`);
    Deno.removeSync(`${folder}/python/baton/__pycache__`, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    const modules = () => {
      const { stdout, code } = new Deno.Command(PYTHON, {
        args: ["-c", "import sys; print(' '.join(sorted(sys.modules)))"],
        env: { PYTHONPATH: `${folder}/python/inject`, PYTHONDONTWRITEBYTECODE: "1" },
      }).outputSync();
      assertEquals(code, 0);
      return new TextDecoder().decode(stdout);
    };
    const first = modules();
    const names = [...Deno.readDirSync(`${folder}/python/baton/__pycache__`)].map(({ name }) =>
      name
    );
    assertEquals(names.some((name) => name.startsWith("_app.")), true);
    assertEquals(first, modules());
    assertEquals(first.includes("py_compile"), false);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
