/** Handoffs in which something fails: a stop function, a process, the disk. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Tmpfs } from "../support/tmpfs.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { fixture, Stage, together } from "./fixtures.ts";

interface Stuck {
  readonly component: string;
  readonly error: string;
  readonly others: readonly string[];
}

const STUCK: Readonly<Record<string, Stuck>> = {
  "raises_in_stop.py": {
    component: "broken",
    error: "RuntimeError: the pool is stuck",
    others: ["first"],
  },
  "hangs_in_stop.py": {
    component: "stuck",
    error: "No end after 50 ms",
    others: ["last", "first"],
  },
};

async function hear(name: string, { component, error, others }: Stuck): Promise<void> {
  await using stage = new Stage(fixture(name, "wait", "0.05"));
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  const hook = await baton.event("hook", ({ generation }) => generation === 1);
  assertEquals(hook.trouble, { kind: "component", component, error });
  assertEquals(ready.hook.failed, [{ component, error }]);
  assertEquals(ready.hook.stopped.map((one: { component: string }) => one.component), others);
  const { kind, generation } = ready.state.envelope;
  assertEquals([kind, generation], ["final", 1]);
}

async function read(name: string, { component, error }: Stuck): Promise<void> {
  await using stage = new Stage(fixture(name, "wait", "0.05"), { log: "text" });
  const { baton } = stage;
  await baton.text("baton: Watches 1 file");
  await baton.text("baton: Generation 1 is ready:");
  stage.touch();
  await baton.text(
    `baton: Component "${component}" of generation 1 did not stop: ${error}
       Next: See its stop function (a server's may wait for open connections); the others are stopped all the same
`,
  );
  await baton.text(/baton: Generation 2 runs: .*, state \d+ B,/);
}

for (const [name, stuck] of Object.entries(STUCK)) {
  Deno.test(`a component that ${name.slice(0, -3).replaceAll("_", " ")}`, async () => {
    await together(hear(name, stuck), read(name, stuck));
  });
}

function kill({ baton }: Stage, generation: number): void {
  const pid = new RegExp(`^booting ${generation} as (\\d+)$`, "m").exec(baton.stdout)?.[1];
  assert(Number(pid) > 1, `the pid of generation ${generation} is ${pid}`);
  Deno.kill(Number(pid), "SIGKILL");
}

async function inHandoff(stage: Stage): Promise<void> {
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("checkpoint");
  stage.touch();
  await baton.prints("stopping 1");
}

Deno.test("kill -9 of the live generation in mid-handoff: the candidate takes over", async () => {
  await using stage = new Stage(fixture("hangs_in_the_handoff.py"), {
    args: ["--hook-timeout", "5s"],
  });
  const { baton } = stage;
  await inHandoff(stage);
  kill(stage, 1);
  await baton.prints("generation 2 resumes checkpoint of 1");
  const { trouble, state } = await baton.event("hook");
  assertEquals(trouble, { kind: "lost", why: "It was killed by SIGKILL before it had saved" });
  assertEquals(state.envelope.kind, "checkpoint");
  await baton.event("checkpoint", ({ generation }) => generation === 2);
  kill(stage, 2);
  await baton.event("ended", ({ generation }) => generation === 2);
});

Deno.test("kill -9 of the candidate in mid-handoff: another is started", async () => {
  await using stage = new Stage(fixture("hangs_in_the_handoff.py"), {
    args: ["--hook-timeout", "500ms", "--stop-timeout", "500ms"],
  });
  const { baton } = stage;
  await inHandoff(stage);
  kill(stage, 2);
  const failed = await baton.event("candidate-failed");
  assertEquals(
    [failed.generation, failed.live, failed.status],
    [2, null, { kind: "signaled", signal: "SIGKILL", code: 137 }],
  );
  await baton.prints("generation 3 resumes checkpoint of 1");
  assert(!baton.stdout.includes("generation 2 resumes"));
});

Deno.test("a full disk: the change is refused by live while it serves, and taken in once there is room", async () => {
  const folder = Deno.makeTempDirSync();
  using tmpfs = Tmpfs.mount(folder, "1m");
  if (tmpfs === null) return;
  await using stage = new Stage(fixture("saves_much.py"), { args: ["--state-dir", folder] });
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  stage.touch();
  await baton.prints("generation 2 resumes generation 1");
  const gone = () =>
    ![...Deno.readDirSync(`${folder}/generations`)].some(({ name }) => name === "1");
  await waitUntil("what generation 1 left is cleaned up", gone);
  const filler = tmpfs.fill();
  stage.touch();
  const { generation, why } = await baton.event("handoff-refused");
  assertEquals(generation, 2);
  assertMatch(why, /No space left on device/);
  Deno.removeSync(filler);
  stage.touch();
  await baton.prints("generation 4 resumes generation 2");
  assertEquals(await baton.stop(), 0, baton.transcript());
});

Deno.test("a project folder that cannot be written to: the state is kept elsewhere, and that is said", async () => {
  using project = new Project();
  using tmpfs = Tmpfs.mount(project.dir, "1m");
  if (tmpfs === null) return;
  project.write("touched.txt", "0");
  tmpfs.remount("ro");
  await using baton = new Baton(project, fixture("saves_much.py"));
  const { dir, why } = await baton.event("fallback");
  assert(!dir.startsWith(project.dir), dir);
  assertMatch(why, /read-only|cannot be written/i);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  tmpfs.remount("rw");
  project.write("touched.txt", "1");
  tmpfs.remount("ro");
  await baton.prints("generation 2 resumes generation 1");
  assertEquals(await baton.stop(), 0, baton.transcript());

  await using text = new Baton(project, ["true"], { log: "text", args: ["--exit"] });
  assertEquals(await text.end(), 0);
  await text.text(
    /baton: Keeps the state in "\/.*": .*\n +Next: Choose a folder that can be written to with "--state-dir"\n/,
  );
  Deno.removeSync(dir, { recursive: true });
});
