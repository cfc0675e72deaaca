/** Overlapped handoff: the next generation boots while the old one serves. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

const command = [PYTHON, "app.py"];

function ofType(baton: Baton, types: readonly string[]): string[] {
  return baton.events.filter(({ type }) => types.includes(type))
    .map(({ type, generation }) => `${type} ${generation}`);
}

/** Up means that it has said hello: only then is it known to take part. */
async function up(baton: Baton): Promise<void> {
  await baton.event("armed");
  await baton.event("ready", (event) => event.generation === 1 && event.announced);
}

Deno.test("a level 2 program is handed over overlapped, with its state", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, command);
  await up(baton);
  for (const version of [2, 3]) {
    project.write("app.py", edit(`VERSION = ${version}`));
    const ready = await baton.event("ready", ({ generation }) => generation === version);
    assertEquals([ready.mode, ready.from, ready.changed], ["overlapped", version - 1, ["app.py"]]);
    const line = `version ${version} count ${version - 1}`;
    await waitUntil(line, () => baton.stdout.includes(line));
    for (const timing of ["settle", "boot", "ask", "save", "check", "gone", "start", "dark"]) {
      assert(ready.timings[`${timing}Ms`] >= 0, `${timing} is in ${JSON.stringify(ready.timings)}`);
    }
  }
});

const BROKEN: Readonly<Record<string, { line: string; args?: string[]; says: RegExp }>> = {
  "a syntax error": { line: "VERSION = (", says: /SyntaxError/ },
};
const BEFORE_BARRIER: typeof BROKEN = {
  "an import error": { line: "import nowhere_to_be_found", says: /nowhere_to_be_found/ },
  "an exception before the barrier": { line: "raise RuntimeError('early')", says: /early/ },
  "exit 0 before the barrier": { line: "raise SystemExit(0)", says: /^$/ },
  "a hang before the barrier": {
    line: "import time; time.sleep(600)",
    args: ["--boot-timeout", "1500ms"],
    says: /^$/,
  },
};

async function breakAndRepair(text: string, args: readonly string[], says: RegExp): Promise<void> {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, command, { args });
  await up(baton);
  project.write("app.py", text);
  const failed = await baton.event("candidate-failed");
  assertEquals([failed.generation, failed.live], [2, 1]);
  if (says.source !== "^$") {
    assert(failed.lines.some((line: string) => says.test(line)), failed.lines);
  }
  project.write("app.py", edit("VERSION = 3"));
  const ready = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals(ready.from, 1);
  await waitUntil("the state goes on", () => baton.stdout.includes("version 3 count 1"));
}

for (const [name, { line, args = [], says }] of Object.entries(BROKEN)) {
  Deno.test(`a broken edit costs nothing: ${name}`, () => breakAndRepair(edit(line), args, says));
}
for (const [name, { line, args = [], says }] of Object.entries(BEFORE_BARRIER)) {
  Deno.test(`a broken edit costs nothing: ${name}`, () =>
    breakAndRepair(`${line}\n${COUNTING}`, args, says));
}

Deno.test("one that dies after the barrier keeps its state for the next", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, command);
  await up(baton);
  project.write("app.py", edit("raise RuntimeError('after the barrier')"));
  const ended = await baton.event("ended");
  assertEquals([ended.generation, ended.wasReady, ended.lastReady], [2, false, 1]);
  assertStringIncludes(ended.lines.join("\n"), "after the barrier");
  project.write("app.py", edit("VERSION = 3"));
  await baton.event("ready", ({ generation }) => generation === 3);
  await waitUntil("the state goes on", () => baton.stdout.includes("version 3 count 1"));
});

Deno.test("a save during the boot replaces the candidate", async () => {
  const slow = `import time; time.sleep(0.5)\n${COUNTING}`;
  using project = new Project({ "app.py": slow });
  await using baton = new Baton(project, command);
  await up(baton);
  project.write("app.py", slow.replace("VERSION = 1", "VERSION = 2"));
  await baton.event("started", ({ generation }) => generation === 2);
  project.swap("app.py", slow.replace("VERSION = 1", "VERSION = 3"));
  await baton.event("ready", ({ generation }) => generation === 3);
  await waitUntil("the newest runs", () => baton.stdout.includes("version 3 count 1"));
  assert(!baton.stdout.includes("version 2"));
  assertEquals(ofType(baton, ["candidate-outdated"]), ["candidate-outdated 2"]);
});

Deno.test("back to what runs: the candidate is ended; the same edit made again is tried again", async () => {
  const slow = `import time; time.sleep(0.5)\n${COUNTING}`;
  using project = new Project({ "app.py": slow });
  await using baton = new Baton(project, command);
  await up(baton);
  project.write("app.py", slow.replace("VERSION = 1", "VERSION = 2"));
  await baton.event("started", ({ generation }) => generation === 2);
  project.swap("app.py", slow);
  await baton.event("candidate-outdated");
  project.swap("app.py", slow.replace("VERSION = 1", "VERSION = 2"));
  const ready = await baton.event("ready", ({ mode }) => mode === "overlapped");
  assertEquals(ready.from, 1);
});

Deno.test("written while the candidate boots, and back before anyone looked: it is tried once more", async () => {
  const slow = `import time; time.sleep(0.5)\n${COUNTING}`;
  const saved = slow.replace("VERSION = 1", "VERSION = 2");
  using project = new Project({ "app.py": slow });
  await using baton = new Baton(project, command);
  await up(baton);
  project.write("app.py", saved);
  await baton.event("started", ({ generation }) => generation === 2);
  project.swap("app.py", slow.replace("VERSION = 1", "VERSION = 3"));
  project.swap("app.py", saved);
  await baton.event("candidate-outdated", ({ generation }) => generation === 2);
  await baton.event("ready", ({ mode }) => mode === "overlapped");
  await waitUntil("what was saved runs", () => baton.stdout.includes("version 2 count 1"));
});

Deno.test("--handoff sequential, and a program that is exclusive, are handed over sequentially", async () => {
  const exclusive = COUNTING.replace("join()", "join(exclusive=True)");
  for (const [text, args] of [[COUNTING, ["--handoff", "sequential"]], [exclusive, []]] as const) {
    using project = new Project({ "app.py": text });
    await using baton = new Baton(project, command, { args });
    await up(baton);
    project.write("app.py", text.replace("VERSION = 1", "VERSION = 2"));
    const ready = await baton.event("ready", ({ generation }) => generation === 2);
    assertEquals(ready.mode, "sequential");
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
  }
});

Deno.test("--handoff overlapped on a program that cannot: says so, with the next step, and restarts it", async () => {
  using project = new Project({ "app.py": "import time\ntime.sleep(600)\n" });
  await using baton = new Baton(project, command, { args: ["--handoff", "overlapped"] });
  await baton.up();
  project.write("app.py", "import time\ntime.sleep(601)\n");
  const said = await baton.event("not-overlapped");
  assertStringIncludes(said.why, "pipe");
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals(ready.mode, "sequential");
});
