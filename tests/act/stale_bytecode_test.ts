import { assertEquals, assertThrows } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { removeStaleBytecode } from "../../lib/act/stale_bytecode.ts";
import { BatonError } from "../../lib/errors.ts";
import { platform } from "../support/platform.ts";
import { PYTHON } from "../support/running.ts";

const real = platform();
const SAVED_AT = 1_700_000_000;

/** A folder with modules in it, compiled and then saved again with the same size and second. */
class Sources implements Disposable {
  readonly dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-bytecode-" }));

  constructor(
    readonly options: readonly string[] = [],
    readonly env: Record<string, string> = {},
  ) {}

  write(name: string, text: string, savedAt = SAVED_AT): void {
    const path = `${this.dir}/${name}`;
    ensureDirSync(path.slice(0, path.lastIndexOf("/")));
    Deno.writeTextFileSync(path, text);
    Deno.utimeSync(path, savedAt, savedAt + 0.25);
  }

  /** What a program prints that imports `mod` and prints its version. */
  run(...options: string[]): string {
    const main = `import sys; sys.path.insert(0, "."); import mod; print(mod.VERSION)`;
    const { success, stdout, stderr } = new Deno.Command(PYTHON, {
      args: [...this.options, ...options, "-c", main],
      cwd: this.dir,
      env: { PYTHONDONTWRITEBYTECODE: "", ...this.env },
    }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  }

  remove(...names: string[]): void {
    const command = [PYTHON, ...this.options, "main.py"];
    const { cwd, env } = { cwd: this.dir, env: this.env };
    removeStaleBytecode(real, { command, cwd, env }, names.length > 0 ? names : ["mod.py"]);
  }

  names(folder: string): string[] {
    return [...Deno.readDirSync(`${this.dir}/${folder}`)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }
}

const WAYS: Readonly<Record<string, readonly [options: string[], env: Record<string, string>]>> = {
  "plain": [[], {}],
  "optimized": [["-O"], {}],
  "optimized twice": [["-OO"], {}],
  "isolated": [["-I"], {}],
  "below PYTHONPYCACHEPREFIX": [[], { PYTHONPYCACHEPREFIX: "cached" }],
  "below an absolute PYTHONPYCACHEPREFIX": [[], {
    PYTHONPYCACHEPREFIX: Deno.makeTempDirSync({ prefix: "baton-prefix-" }),
  }],
  "below -X pycache_prefix": [["-X", "pycache_prefix=cached"], {}],
  "below -Xpycache_prefix": [["-Xpycache_prefix=cached"], {}],
};

for (const [way, [options, env]] of Object.entries(WAYS)) {
  Deno.test(`stale bytecode: a save of the same size and second runs, ${way}`, () => {
    using sources = new Sources(options, env);
    sources.write("mod.py", "VERSION = 1\n");
    assertEquals(sources.run(), "1");
    sources.write("mod.py", "VERSION = 2\n");
    assertEquals(sources.run(), "1", "Python no longer trusts whole seconds: this test is in vain");
    sources.remove();
    assertEquals(sources.run(), "2");
  });
}
globalThis.addEventListener("unload", () => {
  const prefix = WAYS["below an absolute PYTHONPYCACHEPREFIX"]![1].PYTHONPYCACHEPREFIX!;
  Deno.removeSync(prefix, { recursive: true });
});

Deno.test("stale bytecode: a package, a name with dots, and a source that is a link", () => {
  using sources = new Sources();
  sources.write("real/linked.py", "A = 1\n");
  sources.write("mod.py", "import pkg, linked\nVERSION = (pkg.B, linked.A)\n");
  sources.write("pkg/__init__.py", "B = 1\n");
  Deno.symlinkSync("real/linked.py", `${sources.dir}/linked.py`);
  assertEquals(sources.run(), "(1, 1)");
  sources.write("real/linked.py", "A = 2\n");
  sources.write("pkg/__init__.py", "B = 2\n");
  assertEquals(sources.run(), "(1, 1)");
  sources.remove("linked.py", "pkg/__init__.py", "gone.py", "Makefile", ".hidden", "a/b/c.py");
  assertEquals(sources.run(), "(2, 2)");
});

/** Bytecode with a header of `flags`, of a source of 12 bytes. */
function bytecode(flags = 0, seconds = SAVED_AT, size = 12): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set([0xa7, 0x0d, 0x0d, 0x0a]);
  new DataView(bytes.buffer).setUint32(4, flags, true);
  new DataView(bytes.buffer).setUint32(8, seconds, true);
  new DataView(bytes.buffer).setUint32(12, size, true);
  return bytes;
}

Deno.test("stale bytecode: nothing is removed but what Python would run in place of the source", () => {
  using sources = new Sources();
  sources.write("mod.py", "VERSION = 2\n");
  sources.write("mod.tool.py", "VERSION = 2\n");
  const kept = {
    "mod.cpython-311-of-another-second.pyc": bytecode(0, SAVED_AT - 1),
    "mod.cpython-311-of-another-size.pyc": bytecode(0, SAVED_AT, 13),
    "mod.cpython-311-checked-by-hash.pyc": bytecode(3),
    "mod.cpython-311-never-checked.pyc": bytecode(1),
    "mod.cpython-311-no-bytecode.pyc": new Uint8Array(20),
    "mod.cpython-311-torn.pyc": bytecode().subarray(0, 15),
    "mod.cpython-311.pyc.backup": bytecode(),
    "mod.pyc": bytecode(),
    "mod.notes.pyc": bytecode(),
    "model.cpython-311.pyc": bytecode(),
    "mod.tool.cpython-311.pyc": bytecode(),
  };
  const removed = [
    "mod.cpython-39.pyc",
    "mod.cpython-313.opt-1.pyc",
    "mod.pypy310.pyc",
    "mod.cpython-312-pytest-8.3.4.pyc",
    "mod.cpython-312-pytest-8.3.4.pyo",
  ];
  const cache = `${sources.dir}/__pycache__`;
  Deno.mkdirSync(cache);
  for (const [name, bytes] of Object.entries(kept)) Deno.writeFileSync(`${cache}/${name}`, bytes);
  for (const name of removed) Deno.writeFileSync(`${cache}/${name}`, bytecode());
  Deno.mkdirSync(`${cache}/mod.cpython-311-a-folder.pyc`);
  Deno.writeFileSync(`${sources.dir}/elsewhere.pyc`, bytecode());
  Deno.symlinkSync("../elsewhere.pyc", `${cache}/mod.cpython-311-a-link.pyc`);
  new Deno.Command("mkfifo", { args: [`${cache}/mod.cpython-311-a-pipe.pyc`] }).outputSync();
  Deno.writeFileSync(`${sources.dir}/mod.pyc`, bytecode()); // One that Python runs without a source.
  Deno.writeFileSync(`${sources.dir}/mod.cpython-311.pyc`, bytecode());

  sources.remove();
  assertEquals(
    sources.names("__pycache__"),
    [
      ...Object.keys(kept),
      ...["a-folder", "a-link", "a-pipe"].map((what) => `mod.cpython-311-${what}.pyc`),
    ].sort(),
  );
  const beside = ["__pycache__", "elsewhere.pyc", "mod.cpython-311.pyc", "mod.py", "mod.pyc"];
  assertEquals(sources.names("."), [...beside, "mod.tool.py"].sort());

  Deno.removeSync(`${sources.dir}/mod.tool.py`);
  sources.remove("mod.tool.py");
  assertEquals(sources.names("__pycache__").includes("mod.tool.cpython-311.pyc"), true);
});

Deno.test("stale bytecode: where __pycache__ is a link, what is in the project is removed, and else it is said", () => {
  using sources = new Sources();
  using other = new Sources();
  for (const [dir, isRemoved] of [[sources.dir, true], [other.dir, false]] as const) {
    sources.write("mod.py", "VERSION = 2\n");
    Deno.mkdirSync(`${dir}/elsewhere`);
    Deno.writeFileSync(`${dir}/elsewhere/mod.cpython-311.pyc`, bytecode());
    Deno.symlinkSync(`${dir}/elsewhere`, `${sources.dir}/__pycache__`);
    if (isRemoved) sources.remove();
    else assertThrows(() => sources.remove(), BatonError, "a link leads to it, out of the project");
    const names = [...Deno.readDirSync(`${dir}/elsewhere`)].map(({ name }) => name);
    assertEquals(names, isRemoved ? [] : ["mod.cpython-311.pyc"]);
    Deno.removeSync(`${sources.dir}/__pycache__`);
  }
});

Deno.test("stale bytecode: of sources whose name has no extension, or nothing before it", () => {
  using sources = new Sources();
  const load = (name: string) =>
    `__import__("importlib.machinery").machinery.SourceFileLoader("m", "${name}").load_module().V`;
  sources.write("mod.py", `VERSION = (${load("tool")}, ${load(".conf")}, ${load(".rc.py")})\n`);
  const names = ["tool", ".conf", ".rc.py"];
  for (const name of names) sources.write(name, "V = 1\n");
  assertEquals(sources.run(), "(1, 1, 1)");
  for (const name of names) sources.write(name, "V = 2\n");
  assertEquals(sources.run(), "(1, 1, 1)");
  sources.remove(...names);
  assertEquals(sources.run(), "(2, 2, 2)");
});

Deno.test("stale bytecode: what belongs to another user is left, and that is said", () => {
  using sources = new Sources();
  sources.write("mod.py", "VERSION = 2\n");
  Deno.mkdirSync(`${sources.dir}/__pycache__`);
  const path = `${sources.dir}/__pycache__/mod.cpython-311.pyc`;
  Deno.writeFileSync(path, bytecode());
  const other = { ...real, user: { uid: 54_321, gid: 54_321 } };
  const surroundings = { command: ["python"], cwd: sources.dir, env: {} };
  const error = assertThrows(
    () => removeStaleBytecode(other, surroundings, ["mod.py"]),
    BatonError,
    `Python may run old bytecode, "${path}" in place of "${sources.dir}/mod.py": it belongs to user `,
  );
  assertEquals(error.next, "Remove it, or set PYTHONDONTWRITEBYTECODE=1");
  assertEquals(sources.names("__pycache__"), ["mod.cpython-311.pyc"]);
});
