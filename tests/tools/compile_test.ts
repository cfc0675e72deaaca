import { assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { ensureDir, ensureDirSync } from "@std/fs/ensure-dir";
import { residentBytes } from "../../bench/watch/cost.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { passEndToEnd } from "../support/end_to_end.ts";
import { pause } from "../support/pause.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const DENO = Deno.env.get("DENO_LTS") ?? Deno.execPath();
const RUNTIME = Deno.env.get("DENORT_BIN");
if (!RUNTIME) console.warn("DENORT_BIN names no runtime: the compiled executable is not tested");

async function output(
  command: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env,
    stdin: "null",
    signal: AbortSignal.timeout(180_000),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test({
  name: "the single executable is permitted what it needs",
  ignore: !RUNTIME,
  async fn(t) {
    const compiled = await output(DENO, ["task", "compile"], ROOT);
    assertEquals(compiled.code, 0, compiled.stderr);
    const baton = `${ROOT}dist/baton`;
    const project = await Deno.makeTempDir();
    await ensureDir(`${project}/resting`);
    await using rest = new Deno.Command(baton, {
      args: ["-q", "--", "sleep", "100"],
      cwd: `${project}/resting`,
      stderr: "null",
    }).spawn();
    const givesBack = pause(4_000).then(() => assertGivesBack(rest.pid));
    try {
      await t.step("to read a configuration", async () => {
        await Deno.writeTextFile(`${project}/baton.json`, '{"keep": 5}');
        const { stdout } = await output(baton, ["--print-config", "make"], project);
        assertStringIncludes(stdout, "// baton.json:1:2");
      });
      await t.step("to run a program and end with its status", async () => {
        const { code, stderr } = await output(
          baton,
          ["--exit", "--", "sh", "-c", "exit 7"],
          project,
        );
        assertEquals(code, 7, stderr);
      });
      await t.step(
        "and leaves nothing in the temporary folder that it would believe later",
        async () => {
          const temporary = await Deno.makeTempDir();
          for (const args of [["--version"], ["--exit", "--", "true"]]) {
            const { code, stderr } = await output(baton, args, project, { TMPDIR: temporary });
            assertEquals(code, 0, stderr);
          }
          assertEquals([...Deno.readDirSync(temporary)].map(({ name }) => name), []);
          await Deno.remove(temporary, { recursive: true });
        },
      );
      await t.step("to see that a program is ready", async () => {
        const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
        const { port } = listener.addr as Deno.NetAddr;
        const args = ["--ready", `tcp:127.0.0.1:${port}`, "--exit", "--", "sleep", "1"];
        const { code, stderr } = await output(baton, args, project);
        listener.close();
        assertEquals(code, 0, stderr);
        assertStringIncludes(stderr, "ready");
      });
      await t.step("to do what the source does", () => passEndToEnd([baton]));
      await t.step("to give memory back once it rests", () => givesBack);
    } finally {
      await Deno.remove(project, { recursive: true });
    }
  },
});

/** Looks at what a baton holds soon after its start, and when it has rested. */
async function assertGivesBack(pid: number): Promise<void> {
  const before = residentBytes(pid);
  await pause(30_000);
  const given = before - residentBytes(pid);
  assertGreater(given, 1e6, `${given} of ${before} bytes were given back`);
}

Deno.test("an executable that does not run fails the task, and replaces none that does", async () => {
  const before = made();
  const env = { DENORT_BIN: findOnPath("true")! };
  const { code, stderr } = await output(DENO, ["task", "compile"], ROOT, env);
  assertEquals(code, 1, stderr);
  const fault = "The compiled executable does not run: ";
  const [what, where, next] = stderr.slice(stderr.indexOf(fault)).split("\n");
  assertStringIncludes(what!, `${fault}"--version" ended with status 0 and said "`);
  assertMatch(where!, /^Where: built by Deno [\d.]+ on DENORT_BIN ".*\/true"$/);
  assertMatch(next!, /^Next: Let DENORT_BIN name the runtime of Deno [\d.]+, or compile with /);
  assertEquals(made(), before);
});

Deno.test({
  name: "another machine's executable has the name of its target, and is one for it",
  ignore: !RUNTIME,
  async fn(t) {
    const target = "aarch64-unknown-linux-gnu";
    const compile = (runtime: string, ...args: string[]) =>
      output(DENO, ["task", "compile", ...args], ROOT, { DENORT_BIN: runtime });
    await t.step("what this machine's runtime makes is refused", async () => {
      const before = made();
      const { code, stderr } = await compile(RUNTIME!, "--target", target);
      assertEquals(code, 1, stderr);
      assertStringIncludes(
        stderr,
        `The compiled executable is not for "${target}": it is for x86_64`,
      );
      assertMatch(stderr, /^Next: Let DENORT_BIN name the runtime of Deno [\d.]+ for "aarch64-/m);
      assertEquals(made(), before);
    });
    await t.step("what another's makes is kept beside this machine's", async () => {
      const before = made();
      const folder = await Deno.makeTempDir();
      const runtime = await Deno.readFile(RUNTIME!);
      runtime[18] = 0xb7; // ELF's number of AArch64
      await Deno.writeFile(`${folder}/denort`, runtime, { mode: 0o755 });
      const name = `baton-${target}`;
      const { code, stderr } = await compile(`${folder}/denort`, `--target=${target}`);
      await Deno.remove(folder, { recursive: true });
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, `Wrote dist/${name}, which cannot be tried on this machine`);
      await Deno.remove(`${ROOT}dist/${name}`);
      assertEquals(made(), before);
    });
  },
});

Deno.test("the task compiles for nothing that it does not understand", async () => {
  for (
    const args of [["--taget", "x"], ["--target"], ["--target="], ["x"], ["--", "--target", "x"]]
  ) {
    const { code, stderr } = await output(DENO, ["task", "compile", ...args], ROOT);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, `Cannot compile with "${args.join(" ")}"`);
    assertStringIncludes(stderr, 'Next: Write "--target TRIPLE" alone');
  }
});

/** What is in `dist`, by name and inode. */
function made(): [string, number | null][] {
  const dist = `${ROOT}dist`;
  ensureDirSync(dist);
  return [...Deno.readDirSync(dist)]
    .map(({ name }) => [name, Deno.lstatSync(`${dist}/${name}`).ino]);
}
