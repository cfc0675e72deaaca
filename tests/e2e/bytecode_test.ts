/** A save that has the size and the second of the one before runs, at every level and whatever is in between. */
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import { PYTHON } from "../support/running.ts";
import { Baton, type BatonOptions, Project } from "./baton.ts";

const PROGRAMS: Readonly<Record<string, string>> = {
  "level 0": `import sys; sys.path.insert(0, "."); import mod, time
print("runs", mod.VERSION, flush=True)
time.sleep(600)
`,
  "level 1": `import os, signal, sys, mod
def stop(*_):
    open(os.environ["BATON_STATE_OUT"], "w").write("state")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("runs", mod.VERSION, flush=True)
while True: signal.pause()
`,
  "level 2, overlapped": `import baton, mod
app = baton.join()
app.restore(None)
app.on_save(lambda: "state")
print("runs", mod.VERSION, flush=True)
app.wait()
`,
  "level 2, in sequence": `import baton, mod
app = baton.join(exclusive=True)
app.restore(None)
app.on_save(lambda: "state")
print("runs", mod.VERSION, flush=True)
app.wait()
`,
};

const SAVED_AT = 1_700_000_000;

/** Saves with the time of every save before, as a checkout of that second would, or a faster one. */
function save(project: Project, name: string, text: string): void {
  Deno.writeTextFileSync(`${project.dir}.new`, text);
  Deno.utimeSync(`${project.dir}.new`, SAVED_AT, SAVED_AT);
  ensureDirSync(dirname(project.path(name)));
  Deno.renameSync(`${project.dir}.new`, project.path(name));
}

async function runs(
  command: readonly string[],
  program: string,
  options: BatonOptions = {},
  others: readonly string[] = [],
): Promise<void> {
  using project = new Project({ "app.py": program });
  const version = (number: number) => {
    for (const name of others) save(project, name, `NUMBER = ${number}\n`);
    save(project, "mod.py", `VERSION = ${number}\n`);
  };
  version(1);
  await using baton = new Baton(project, command, options);
  await baton.up();
  await baton.prints("runs 1");
  for (const number of [2, 3]) {
    version(number);
    await baton.prints(`runs ${number}`);
    await baton.event("ready", ({ generation }) => generation >= number);
  }
}

for (const [level, program] of Object.entries(PROGRAMS)) {
  Deno.test(`bytecode of the same second: ${level}`, () => runs([PYTHON, "app.py"], program));
}

const HIDDEN = [["-I"], ["-E"], ["-S"], ["-O"], ["-X", "pycache_prefix=cached"]];
for (const options of HIDDEN) {
  const command = [PYTHON, ...options, "app.py"];
  Deno.test(`bytecode of the same second: python ${options.join(" ")}`, () =>
    runs(command, PROGRAMS["level 0"]!, { args: ["-i", "cached"] }));
}

Deno.test("bytecode of the same second: below PYTHONPYCACHEPREFIX, of baton's and of a script's", async () => {
  const args = ["-i", "cached"];
  const env = { PYTHONPYCACHEPREFIX: "cached" };
  await runs([PYTHON, "app.py"], PROGRAMS["level 0"]!, { args, env });
  const script = `export PYTHONPYCACHEPREFIX="$PWD/cached"; exec ${PYTHON} app.py`;
  await runs(["sh", "-c", script], PROGRAMS["level 0"]!, { args });
});

Deno.test("bytecode of the same second: among more files than BATON_CHANGED holds", async () => {
  const others = Array.from({ length: 1_000 }, (_, index) => `a/${"long".repeat(10)}_${index}.py`);
  await runs([PYTHON, "app.py"], PROGRAMS["level 0"]!, {}, others);
});

Deno.test("bytecode of the same second: what failed and was taken back is not run by the next", async () => {
  const program = PROGRAMS["level 2, overlapped"]!.replace(
    "app = ",
    "if mod.VERSION == 2: raise SystemExit('fails')\napp = ",
  );
  using project = new Project({ "app.py": program });
  save(project, "mod.py", "VERSION = 1\n");
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.up();
  await baton.event("ready", ({ announced }) => announced);
  save(project, "mod.py", "VERSION = 2\n"); // Compiled by a candidate, which then ends.
  await baton.event("candidate-failed");
  save(project, "mod.py", "VERSION = 1\n"); // As it runs: no reason for another.
  project.write("app.py", `# Another version\n${program}`);
  await baton.line(/runs 1\nruns 1\n/);
});
