import { copySync } from "@std/fs/copy";
import { walkSync } from "@std/fs/walk";
import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs/ensure-dir";
import { INJECTED, PYTHON, Running } from "../support/running.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`Python client: without baton the program runs until ${signal}`, async () => {
    await using program = Running.python("tells_its_life", { BATON_PIPE: "" });
    assertEquals(await program.line(), "at the barrier");
    assertEquals(await program.line(), 'restored {"count": 0}');
    await program.catchesSigterm();
    program.kill(signal);
    assertEquals(await program.end(), {
      code: 0,
      lines: ["stop http", "stop database", "waited", "finally", "atexit"],
      stderr: "",
    });
  });
}

Deno.test("Python client: without baton a stop that hangs or raises is told on stderr", async () => {
  await using program = Running.python("raises_in_stop", { BATON_PIPE: "" });
  await program.catchesSigterm();
  program.kill("SIGTERM");
  const { code, stderr } = await program.end();
  assertEquals(code, 0);
  assertStringIncludes(
    stderr,
    'component "broken" failed to stop: RuntimeError: the pool is stuck',
  );
});

Deno.test("Python client: a stop signal that another thread takes ends the wait", async () => {
  await using program = Running.python("blocks_sigterm_on_main", { BATON_PIPE: "" });
  await program.catchesSigterm();
  program.kill("SIGTERM");
  assertEquals(await program.end(), { code: 0, lines: ["waited"], stderr: "" });
});

/** A folder of packages that Python searches like the installed ones. */
async function installed(files: Record<string, string>): Promise<Record<string, string>> {
  const home = await Deno.makeTempDir({ prefix: "baton-test-" });
  const env = { PYTHONUSERBASE: home };
  const asked = new Running([PYTHON, "-m", "site", "--user-site"], env);
  const packages = (await asked.end()).lines[0]!;
  await asked[Symbol.asyncDispose]();
  await ensureDir(packages);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${packages}/${name}`, text);
  }
  return env;
}

async function imported(files: Record<string, string>, pythonPath = INJECTED) {
  const env = await installed(files);
  try {
    await using program = Running.python("imports_baton", { ...env, PYTHONPATH: pythonPath });
    return await program.end();
  } finally {
    await Deno.remove(env.PYTHONUSERBASE!, { recursive: true });
  }
}

Deno.test("Python injection: baton can be imported without being installed", async () => {
  const { lines, stderr } = await imported({});
  assertEquals([lines[0], lines[2], stderr], ["baton", "0", ""]);
});

Deno.test("Python injection: an installed baton wins", async () => {
  const { lines } = await imported({ "baton.py": 'who = "installed"' });
  assertEquals(lines[0], "installed");
});

Deno.test("Python injection: the user's sitecustomize runs", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-test-" });
  try {
    await Deno.writeTextFile(
      `${folder}/sitecustomize.py`,
      "import builtins; builtins.customized = __name__",
    );
    const { lines, stderr } = await imported({}, `${INJECTED}:${folder}`);
    assertEquals([lines, stderr], [["baton", "sitecustomize", "0"], ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Python injection: what the user's sitecustomize raises is shown as ever", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-test-" });
  try {
    await Deno.writeTextFile(`${folder}/sitecustomize.py`, "import no_such_module");
    const plain = new Running([PYTHON, "-c", ""], { PYTHONPATH: folder });
    const expected = (await plain.end()).stderr;
    await plain[Symbol.asyncDispose]();
    const { lines, stderr } = await imported({}, `${INJECTED}:${folder}`);
    assertEquals([lines[0], stderr], ["baton", expected]);
    assertStringIncludes(expected, "no_such_module");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Python injection: the client is compiled once, also where Python is to keep no bytecode", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-test-" });
  try {
    const clients = INJECTED.replace(/inject$/, "");
    await Deno.mkdir(`${folder}/inject`);
    await Deno.mkdir(`${folder}/baton`);
    for (const name of ["baton", "inject"]) {
      copySources(`${clients}${name}`, `${folder}/${name}`);
    }
    const compiledAt = async () => {
      const env = { PYTHONPATH: `${folder}/inject`, PYTHONDONTWRITEBYTECODE: "1" };
      await using program = new Running([PYTHON, "-c", "import baton"], env);
      assertEquals(await program.end(), { lines: [], stderr: "", code: 0 });
      const cache = `${folder}/baton/__pycache__`;
      const compiled = await Array.fromAsync(Deno.readDir(cache));
      assertEquals(compiled.length, [...Deno.readDirSync(`${folder}/baton`)].length - 1);
      const { name } = compiled.find(({ name }) => name.startsWith("__init__."))!;
      return (await Deno.stat(`${cache}/${name}`)).mtime?.getTime();
    };
    const first = await compiledAt();
    assertEquals(await compiledAt(), first);
    const later = new Date(Date.now() + 60_000);
    await Deno.utime(`${folder}/baton/__init__.py`, later, later);
    assertNotEquals(await compiledAt(), first);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function copySources(from: string, to: string): void {
  for (const { path, name } of walkSync(from, { exts: [".py"], includeDirs: false, maxDepth: 1 })) {
    copySync(path, `${to}/${name}`);
  }
}

const FOREIGN =
  'baton: "import baton" finds another project that is installed here; the client is "import baton_client as baton"\n';

Deno.test("Python injection: another project by the name of baton is told of to who imports it", async () => {
  const files = { "baton.py": 'who = "another"', "other.py": "" };
  const env = await installed(files);
  const run = async (code: string) => {
    await using program = new Running([PYTHON, "-c", code], { ...env, PYTHONPATH: INJECTED });
    const { lines, stderr } = await program.end();
    return { said: lines.join(), stderr };
  };
  try {
    assertEquals(await run("import other"), { said: "", stderr: "" });
    const imported =
      "import baton, sys; import baton; print(baton.who, 'Warner' in repr(sys.meta_path))";
    assertEquals(await run(imported), { said: "another False", stderr: FOREIGN });
    const both = "import baton_client as baton, other; print(baton.join().restore(1))";
    assertEquals(await run(both), { said: "1", stderr: "" });
  } finally {
    await Deno.remove(env.PYTHONUSERBASE!, { recursive: true });
  }
});

Deno.test("Python injection: by both names the client is one module", async () => {
  const code = "import baton_client, baton; print(baton is baton_client, baton.join().generation)";
  await using program = new Running([PYTHON, "-c", code], { PYTHONPATH: INJECTED });
  const { lines, stderr } = await program.end();
  assertEquals([lines, stderr], [["True 1"], ""]);
});

Deno.test("the installed Python client writes no file of PyPI's baton, and goes by both names", async () => {
  const folder = await Deno.makeTempDir({ prefix: "baton-test-" });
  const source = new URL("../../clients/python", import.meta.url).pathname;
  try {
    const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, source];
    const { success, stderr } = await new Deno.Command(PYTHON, { args: pip }).output();
    const complaint = new TextDecoder().decode(stderr);
    if (/No matching distribution found for hatchling/.test(complaint)) {
      console.error("SKIPPED: the Python client cannot be built, as PyPI is out of reach");
      return;
    }
    assertEquals(success, true, complaint);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      !name.endsWith(".dist-info")
    );
    assertEquals(names.sort(), ["baton_client", "baton_client.pth", "baton_client_names"]);
    const code = `import site, sys; site.addsitedir(${JSON.stringify(folder)})
import baton, baton_client; print(baton is baton_client, baton.join().restore(1), baton.__file__)`;
    await using program = new Running([PYTHON, "-c", code], {});
    const { lines, stderr: said } = await program.end();
    assertEquals([lines, said], [[`True 1 ${folder}/baton_client/__init__.py`], ""]);
    await using under = new Running([PYTHON, "-c", code], { PYTHONPATH: INJECTED });
    assertEquals((await under.end()).stderr, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
