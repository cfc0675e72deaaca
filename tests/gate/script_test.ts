/** What a build tool runs in place of what it has built, run by every shell that there is. */
import { assertEquals } from "@std/assert";
import { gateScript } from "../../lib/gate/script.ts";
import { platform } from "../support/platform.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { waitUntil } from "../support/wait_until.ts";

const host = platform();
const SHELLS = ["dash", "bash", "busybox", "zsh", "ksh"].map((name) => findOnPath(name))
  .filter((path) => path !== null);

interface Started {
  readonly pipe: string;
  readonly child: Deno.ChildProcess;
  said(): string | null;
}

/** A gate before a program that prints its environment. */
async function withGate(
  shell: string,
  env: Readonly<Record<string, string>>,
  run: (started: Started) => Promise<void>,
  { program = "/usr/bin/env", fromFile = "" } = {},
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-gate-" }));
  try {
    const script = `${folder}/go`;
    Deno.writeTextFileSync(script, gateScript(script, fromFile));
    const pipe = `${folder}/1`;
    const filled = Object.entries(env).map(([name, text]) => [name, text.replace("GATE", script)]);
    const args = shell.endsWith("busybox") ? ["sh", script, program] : [script, program];
    const child = new Deno.Command(shell, {
      args,
      clearEnv: true,
      env: { PWD: folder, BATON_GATE: pipe, ...Object.fromEntries(filled) },
      cwd: folder,
      stdout: "piped",
    }).spawn();
    const said = () => host.files.stat(`${pipe}.built`) && Deno.readTextFileSync(`${pipe}.built`);
    await run({ pipe, child, said });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const textOf = async ({ child }: Started) =>
  new TextDecoder().decode((await child.output()).stdout);

/** The variables that a program sees, but for those that a shell sets. */
async function seen(started: Started): Promise<string[]> {
  const lines = (await textOf(started)).trim().split("\n");
  return lines.filter((line) => !/^(_|SHLVL|OLDPWD|PWD|HOME|LOGNAME)=/.test(line)).sort();
}

for (const shell of SHELLS) {
  Deno.test(`what is built waits until it is told to run, with one process id: ${shell}`, async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-gate-" }));
    const program = `${folder}/program`;
    Deno.writeTextFileSync(program, "#!/bin/sh\necho $$\n", { mode: 0o700 });
    const fifo = host.makeFifo(`${folder}/held`)!;
    await withGate(shell, { BATON_GATE: `${folder}/held` }, async (started) => {
      const built = `${folder}/held.built`;
      const pid = `${started.child.pid}\n`;
      await waitUntil(
        "it says that it waits",
        () => host.files.stat(built) !== null && Deno.readTextFileSync(built) === pid,
      );
      fifo.write("go\n");
      fifo.close();
      assertEquals(await textOf(started), pid);
    }, { program });
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test(`the end of baton ends what waits, and does not run it: ${shell}`, async () => {
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-gate-" }));
    const fifo = host.makeFifo(`${folder}/held`)!;
    await withGate(shell, { BATON_GATE: `${folder}/held` }, async (started) => {
      await waitUntil("it waits", () => host.files.stat(`${folder}/held.built`) !== null);
      fifo.close();
      const { code, stdout } = await started.child.output();
      assertEquals([code, stdout.length], [1, 0]);
    });
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test(`a baton that has ended before is waited for by nobody: ${shell}`, async () => {
    await withGate(shell, {}, async (started) => {
      assertEquals(await seen(started), []);
    });
    const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-gate-" }));
    new Deno.Command("mkfifo", { args: [`${folder}/left`] }).outputSync();
    await withGate(shell, { BATON_GATE: `${folder}/left` }, async ({ child }) => {
      assertEquals((await child.output()).code, 1);
    });
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test(`the program has the environment that it would have had: ${shell}`, async () => {
    const cases: [given: string | null, seen: string | null, fromFile?: string][] = [
      ["-exec=GATE", null],
      [" -exec=GATE", ""],
      ["-tags=a -exec=GATE", "-tags=a"],
      ["-tags=a -exec=GATE -v", "-tags=a -v"],
      ["-exec=GATE -tags=file", null, "-tags=file"],
      ["-exec=/own", "-exec=/own"],
      [null, null],
    ];
    for (const [given, expected, fromFile] of cases) {
      const runner = { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER: "GATE" };
      const env = { A: "1", ...runner, ...given === null ? {} : { GOFLAGS: given } };
      await withGate(shell, env, async (started) => {
        assertEquals(await seen(started), [
          "A=1",
          ...expected === null ? [] : [`GOFLAGS=${expected}`],
        ]);
      }, { fromFile: fromFile ?? "" });
    }
  });
}

Deno.test("tests do not wait, nor does what comes after the first", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-gate-" }));
  const fifo = host.makeFifo(`${folder}/held`)!;
  const env = { BATON_GATE: `${folder}/held` };
  for (const name of ["app.test", "deps/app-1"]) {
    Deno.mkdirSync(`${folder}/deps`, { recursive: true });
    const program = `${folder}/${name}`;
    Deno.writeTextFileSync(program, "#!/bin/sh\necho ran\n", { mode: 0o700 });
    await withGate(SHELLS[0]!, env, async (started) => {
      assertEquals(await textOf(started), "ran\n");
    }, { program });
    assertEquals(host.files.stat(`${folder}/held.built`), null);
  }
  Deno.writeTextFileSync(`${folder}/held.built`, "1\n");
  await withGate(SHELLS[0]!, env, async (started) => assertEquals(await seen(started), []));
  fifo.close();
  Deno.removeSync(folder, { recursive: true });
});
