/** Baton killed by SIGKILL: nothing is lost, and the next baton in that folder finds what is left. */
import { assert, assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const DENO = Deno.execPath();
const CLIENT = new URL("../../mod.ts", import.meta.url).href;

/** Takes a while to save, as programs with much to save do. */
const SLOW_PYTHON = COUNTING.replace(
  "app.on_save(lambda: {",
  "app.on_save(lambda: time.sleep(0.3) or {",
)
  .replace("import baton", "import baton, time");
const SLOW_DENO = `import { join } from "${CLIENT}";
const baton = await join();
const state = await baton.restore({ count: 0 });
console.log(\`version 1 count \${state.count}\`);
baton.component("slow", () => new Promise((resolve) => setTimeout(resolve, 300)));
baton.onSave(() => ({ count: state.count + 1 }));
baton.ready();
await baton.stopped;
`;

const SPEAKING: Readonly<Record<string, { file: string; text: string; command: string[] }>> = {
  Python: { file: "app.py", text: SLOW_PYTHON, command: [PYTHON, "app.py"] },
  Deno: { file: "app.ts", text: SLOW_DENO, command: [DENO, "run", "-A", "app.ts"] },
};

for (const [language, { file, text, command }] of Object.entries(SPEAKING)) {
  Deno.test(`a ${language} program loses the pipe, stops and saves; the next baton takes that over`, async () => {
    using project = new Project({ [file]: text });
    await using killed = new Baton(project, command);
    await killed.event("ready", ({ announced }) => announced);
    killed.kill("SIGKILL");
    await using next = new Baton(project, command);
    const orphans = await next.event("orphans");
    assertEquals(orphans.adopted, true);
    await waitUntil("the state goes on", () => next.stdout.includes("version 1 count 1"));
  });
}

Deno.test("a program that takes no part stays behind: the next baton ends its whole tree", async () => {
  using project = new Project({
    "app.sh": "setsid sleep 611 >/dev/null 2>&1 & sleep 612 >/dev/null 2>&1 & echo up; wait\n",
  });
  using tmp = new Project();
  const temporary = () => [...Deno.readDirSync(tmp.dir)].map(({ name }) => name);
  const options = {
    args: ["--stop-timeout", "300ms"],
    env: { TMPDIR: tmp.dir, XDG_RUNTIME_DIR: "" },
  };
  await using killed = new Baton(project, ["sh", "app.sh"], options);
  await killed.up();
  await waitUntil("it is up", () => killed.stdout.includes("up"));
  killed.kill("SIGKILL");
  const left = temporary();
  assertEquals(left.length, 1);
  await using next = new Baton(project, ["sh", "app.sh"], options);
  const { pids, adopted } = await next.event("orphans");
  assertEquals([pids.length, adopted], [3, false]);
  for (const pid of pids) assert(!isAlive(pid), `process ${pid} is alive`);
  await next.up();
  assertEquals([temporary().length, temporary().includes(left[0]!)], [1, false]);
});

Deno.test("killed 20 times at random moments amid saves: the count goes on", async () => {
  using project = new Project({ "app.py": COUNTING });
  let count = 0;
  for (let round = 0; round < 20; round++) {
    await using baton = new Baton(project, [PYTHON, "app.py"]);
    await baton.up();
    const found = await waitUntil("it counts", () => /count (\d+)/.exec(baton.stdout)?.[1]);
    assert(Number(found) >= count, `it counted ${count} before, now ${found}`);
    project.write("app.py", COUNTING.replace("VERSION = 1", `VERSION = ${round + 2}`));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
    baton.kill("SIGKILL");
    await baton.end();
    count = Math.max(
      ...[...baton.stdout.matchAll(/count (\d+)/g)].map(([, number]) => Number(number)),
    );
  }
  assert(count > 10, `it counted only to ${count}`);
});

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
