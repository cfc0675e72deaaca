/** Each answer of the table that the scenarios do not need: what would be missed without it. */
import { assert, assertEquals } from "@std/assert";
import {
  BEGIN,
  begin,
  type Begun,
  doneSince,
  exit,
  facts,
  hello,
  lastReady,
  living,
  progress,
  running,
  save,
  says,
} from "./play.ts";
import { World } from "./world.ts";

const STATES = Object.keys(BEGIN) as Begun[];

function crashed(policy = {}): World {
  const world = running("silent", policy);
  world.exit(world.living[0]!, 1);
  progress(world, 1);
  return world;
}

for (const state of [...STATES, "idle"] as const) {
  Deno.test(`what does not fit the protocol is told of: ${state}`, () => {
    const world = state === "idle" ? crashed() : begin(state);
    world.post({ type: "protocol error", generation: 1, what: "No JSON", at: world.now });
    assertEquals([world.state(), facts(world).at(-1)], [state, "protocol error"]);
  });
}

for (
  const state of [
    "settling",
    "running",
    "stepping",
    "preparing",
    "booting",
    "aborting",
    "saving",
    "stopping",
  ] as const
) {
  Deno.test(`a checkpoint of live is kept, and no other's: ${state}`, () => {
    const world = begin(state);
    if (world.living.length > 1) says(world, 2);
    assertEquals(world.machine.context.best, null);
    says(world, 1);
    assertEquals(world.machine.context.best?.envelope.generation, 1);
  });
}

Deno.test("a checkpoint that is read while live leaves is kept", () => {
  const world = begin("leaving");
  const envelope = { ...world.machine.context.best!.envelope, reason: "checkpoint" };
  const reading = { found: "good", path: "later", envelope } as const;
  const about = { generation: 1, kind: "checkpoint", at: world.now } as const;
  world.post({ type: "checked", reading, ...about });
  assertEquals(world.machine.context.best?.path, "later");
});

/** Live has said hello, and is not ready; a save brings it into this state. */
function unready(state: "settling" | "running" | "booting" | "aborting"): World {
  const content = state === "settling" ? "exclusive" : "overlapping";
  const world = new World(content);
  progress(world, 1);
  if (state !== "running") {
    world.save(content);
    world.look();
  }
  if (state === "aborting") save(world);
  assertEquals(world.state(), state);
  return world;
}

for (const state of ["settling", "running", "booting", "aborting"] as const) {
  Deno.test(`live is ready when it says so: ${state}`, () => {
    const world = unready(state);
    world.post({ type: "ready", generation: 1, participant: 0, at: world.now });
    assertEquals([lastReady(world)?.generation, lastReady(world)?.announced], [1, true]);
    world.post({ type: "ready", generation: 1, participant: 0, at: world.now });
    assertEquals(facts(world).filter((type) => type === "ready").length, 2); // the first by its start
  });

  Deno.test(`live counts as ready when its time is over, and that is told: ${state}`, () => {
    const world = unready(state);
    world.fire("boot 1");
    assertEquals(facts(world).includes("late"), true);
    assertEquals([lastReady(world)?.generation, lastReady(world)?.announced], [1, false]);
  });
}

for (const state of ["booting", "stopping", "leaving"] as const) {
  Deno.test(`a candidate that is ready before its turn is so once it is live: ${state}`, () => {
    const world = begin(state);
    world.post({ type: "ready", generation: 2, participant: 0, at: world.now });
    assertEquals(lastReady(world)?.generation, 1);
    if (state === "booting") progress(world, 2);
    progress(world, 1, 3);
    assertEquals([lastReady(world)?.generation, world.state()], [2, "running"]);
  });
}

Deno.test("where a probe was asked for, a program is ready when that says so, and not before", () => {
  const world = new World("overlapping", {}, { probed: true });
  const isReady = (generation: number) => {
    world.post({ type: "ready", generation, participant: null, at: world.now });
    assertEquals([lastReady(world)?.generation, lastReady(world)?.announced], [generation, true]);
  };
  progress(world, 1, 2); // hello, and its own word
  assertEquals(lastReady(world), undefined);
  assertEquals(world.effects.at(-1), { type: "probe", generation: 1 }); // which is asked at once
  isReady(1);
  save(world);
  world.post({ type: "ready", generation: 2, participant: 0, at: world.now }); // before its turn
  progress(world, 2);
  progress(world, 1, 3);
  assertEquals([world.state(), lastReady(world)?.generation], ["running", 1]);
  isReady(2);
});

Deno.test("a program that says hello while files settle may go on", () => {
  const world = new World("exclusive");
  world.save("exclusive");
  world.look();
  progress(world, 1);
  assertEquals([world.state(), world.living[0]?.opened], ["settling", true]);
});

for (const state of ["settling", "running", "preparing", "booting", "aborting"] as const) {
  Deno.test(`another participant of live gets what the first got, a lonely one the newest: ${state}`, () => {
    const world = begin(state);
    says(world, 1);
    const opened = () => {
      const last = world.effects.findLast(({ type }) => type === "open");
      return last?.type === "open" && [last.participant, last.alone];
    };
    hello(world, 1, 1);
    assertEquals(opened(), [1, false]);
    for (const participant of [0, 1]) {
      world.post({ type: "disconnected", generation: 1, participant, at: world.now });
    }
    hello(world, 1, 2);
    assertEquals(opened(), [2, true]);
    assertEquals(world.state(), state);
  });
}

Deno.test("one that joins while live is asked is told to leave, not signaled", () => {
  const world = running("exclusive");
  save(world, "exclusive");
  hello(world, 1, 1);
  const count = world.effects.length;
  world.hangUp(world.living[0]!);
  assertEquals([world.state(), facts(world).at(-1)], ["leaving", "hook"]);
  assert(doneSince(world, count).includes("release"));
});

Deno.test("live that closes its pipe while files settle is signaled, as it cannot be asked", () => {
  const world = begin("settling");
  world.hangUp(world.living[0]!);
  world.settle();
  assertEquals([world.state(), world.effects.some(({ type }) => type === "signal")], [
    "leaving",
    true,
  ]);
});

Deno.test("a candidate that closes its pipe while live leaves is not spoken to", () => {
  const world = begin("leaving");
  world.hangUp(world.living[1]!);
  const count = world.effects.length;
  progress(world, 1, 2);
  assertEquals([world.state(), doneSince(world, count).includes("open")], ["running", false]);
});

Deno.test("more that changes while files settle is told, what is undone starts nothing", () => {
  const world = begin("settling");
  const changed = (paths: string[]) =>
    world.post({
      type: "changed",
      firstAt: world.now,
      at: world.now,
      paths,
      differs: new Map([[1, paths]]),
    });
  changed(["app.py", "more.py"]);
  world.settle();
  const asked = world.effects.findLast(({ type }) => type === "ask");
  assertEquals(asked?.type === "ask" && asked.changed, ["app.py", "more.py"]);

  const undone = begin("settling");
  undone.revert(1);
  undone.look();
  assertEquals(undone.state(), "running");
});

Deno.test("a change while a candidate is being killed brings the next, its undoing none", () => {
  const world = begin("aborting");
  save(world);
  progress(world, 2);
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);

  const undone = begin("booting");
  save(undone);
  undone.revert(1);
  undone.settle();
  progress(undone, 2, 2);
  assertEquals([undone.state(), living(undone)], ["running", [1]]);
});

Deno.test("a candidate that is at the barrier before the files have settled waits for that", () => {
  const world = running();
  world.save("overlapping");
  world.look();
  progress(world, 2);
  assertEquals(world.state(), "booting");
  world.settle();
  assertEquals(world.state(), "stopping");
});

function restart(world: World): void {
  world.post({ type: "restart", at: world.now });
}

Deno.test("asked to restart, a candidate boots beside live, with no change told", () => {
  const world = running();
  restart(world);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 2);
  assertEquals([lastReady(world)?.reason, lastReady(world)?.changed], ["restart", []]);
});

Deno.test("asked to restart, one that cannot be overlapped is asked at once", () => {
  const world = running("exclusive");
  restart(world);
  assertEquals([world.state(), living(world)], ["stopping", [1]]);
});

Deno.test("asked to restart while files settle, nothing is waited for", () => {
  const world = begin("settling");
  restart(world);
  assertEquals(world.state(), "stopping");
});

Deno.test("asked to restart while a candidate is being killed, another comes after it", () => {
  const world = begin("aborting");
  restart(world);
  progress(world, 2);
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
});

Deno.test("asked to restart while the rest of a crashed program is being ended, the next one comes", () => {
  const world = running("silent");
  exit(world, 1, 1, 2);
  assertEquals(world.state(), "leaving");
  restart(world);
  progress(world, 1, 2);
  assertEquals([world.state(), living(world)], ["running", [2]]);
  assertEquals(lastReady(world)?.reason, "restart");
});

Deno.test("asked to restart where nothing runs, it starts at once", () => {
  const world = crashed();
  assertEquals([world.state(), living(world)], ["idle", []]);
  restart(world);
  assertEquals([world.state(), living(world)], ["running", [2]]);
});

function stop(world: World): void {
  world.post({ type: "stop", by: "SIGINT", at: world.now });
}

Deno.test("asked to stop where nothing runs, it ends", () => {
  const world = crashed();
  stop(world);
  assertEquals([world.state(), world.quit], ["ended", 0]);
});

for (
  const state of [
    "settling",
    "running",
    "stepping",
    "preparing",
    "booting",
    "aborting",
    "saving",
  ] as const
) {
  Deno.test(`asked to stop, live is asked and who was to follow is killed: ${state}`, () => {
    const world = begin(state);
    stop(world);
    assertEquals([world.state(), facts(world).at(-1)], ["stopping", "stopping"]);
    const others = world.living.filter(({ number }) => number !== 1);
    assertEquals(others.every(({ released }) => released), true);
    progress(world, 1, state === "saving" || state === "stepping" ? 4 : 3);
    for (const { number } of others) progress(world, number, 2);
    assertEquals([world.state(), world.quit], ["ended", 0]);
  });
}

Deno.test("asked to stop while live leaves, nothing follows; asked again, all is killed", () => {
  const world = begin("leaving");
  stop(world);
  const count = world.effects.length;
  stop(world);
  assertEquals(doneSince(world, count), ["kill", "kill"]);
  progress(world, 1, 2);
  assertEquals([world.state(), living(world)], ["leaving", [2]]);
  progress(world, 2, 2);
  assertEquals([world.state(), world.quit], ["ended", 0]);
});

Deno.test("a candidate's start is told of", () => {
  const started = begin("booting").facts.findLast((fact) => fact.type === "started");
  assertEquals([started?.generation, started?.mode, started?.state], [2, "overlapped", null]);
});

for (const [code, status] of [["ENOENT", 127], ["EACCES", 126]] as const) {
  Deno.test(`the first program that cannot be started ends baton with ${status}`, () => {
    const world = new World("cannot start", {}, { code });
    assertEquals([world.state(), world.quit, facts(world).at(-2)], [
      "ended",
      status,
      "spawn failed",
    ]);
  });
}

Deno.test("a later one that cannot be started is waited for", () => {
  const world = crashed();
  save(world, "cannot start");
  assertEquals([world.state(), facts(world).at(-1)], ["idle", "spawn failed"]);
  save(world, "silent");
  assertEquals(living(world), [3]);
});

Deno.test("a candidate that cannot be started costs nothing", () => {
  const world = running();
  save(world, "cannot start");
  const failed = world.facts.findLast((fact) => fact.type === "candidate failed");
  assertEquals([world.state(), failed?.why], ["running", "spawn-failed"]);
});

Deno.test("what becomes of the components is told with the next generation, and a failure at once", () => {
  const world = begin("stopping");
  const about = { generation: 1, participant: 0, component: "http" };
  world.post({ type: "stopping", ...about, at: 1_000 });
  world.post({ type: "stopped", ...about, elapsedMs: 5, at: 1_005 });
  world.post({ type: "failed", ...about, error: "stuck", at: 1_006 });
  assertEquals(facts(world).at(-1), "hook");
  progress(world, 1, 3);
  progress(world, 2);
  const { hook, marks } = lastReady(world)!;
  assertEquals([hook.stopped, hook.failed], [[{ component: "http", elapsedMs: 5 }], [{
    component: "http",
    error: "stuck",
  }]]);
  assertEquals([marks.stopping, marks.stopped], [1_000, 1_006]);
});

/** When the last one that was ready counts its dark time from, after these of its components began to stop. */
function darkFrom(serves: boolean, stopping: readonly [string, number][], closedAt?: number) {
  const world = begin("stopping");
  const components = [{ name: "http", timeoutMs: 1, serves }, { name: "loop", timeoutMs: 1 }];
  hello(world, 1, 0, { components });
  const about = { generation: 1, participant: 0 };
  for (const [component, at] of stopping) world.post({ type: "stopping", ...about, component, at });
  if (closedAt !== undefined) {
    for (const generation of [2, 1]) {
      const at = generation === 1 ? closedAt : 0;
      world.post({ type: "listener closed", generation, at });
    }
  }
  world.now = 2_000;
  progress(world, 1, 3);
  progress(world, 2);
  const { marks, timings } = lastReady(world)!;
  assertEquals(timings.darkMs === undefined, timings.stoppingMs !== undefined);
  return marks.dark;
}

Deno.test("it is dark from the stop of what serves, where that is known", () => {
  const both: [string, number][] = [["loop", 1_000], ["http", 1_500]];
  assertEquals(darkFrom(true, both), 1_500);
  assertEquals(darkFrom(false, both, 1_400), 1_400);
  assertEquals(darkFrom(false, both), undefined);
});

Deno.test("without components it serves until it is told to leave", () => {
  assertEquals(darkFrom(false, []), 2_001);
});

Deno.test("where its time is over before what serves was stopped, it is dark from then on", () => {
  const world = begin("stopping");
  hello(world, 1, 0, { components: [{ name: "http", timeoutMs: 1, serves: true }] });
  const about = { generation: 1, participant: 0 };
  world.post({ type: "stopping", ...about, component: "loop", at: 1_000 });
  world.fire("hook 1");
  const { now } = world;
  progress(world, 1, 2);
  progress(world, 2);
  assertEquals(lastReady(world)?.marks.dark, now);
});

for (
  const state of [
    "settling",
    "running",
    "stepping",
    "preparing",
    "booting",
    "aborting",
    "saving",
  ] as const
) {
  Deno.test(`live that crashes is told of, and what is left of it is signaled: ${state}`, () => {
    const world = begin(state);
    exit(world, 1, 1, 2);
    assertEquals([world.state(), facts(world).at(-1)], ["leaving", "ended"]);
    assert(world.effects.some((effect) => effect.type === "signal" && effect.generation === 1));
  });

  Deno.test(`live that its leader has left is told of once the last process is gone: ${state}`, () => {
    const world = begin(state);
    exit(world, 1, 0, 2);
    assertEquals([world.state(), facts(world).includes("ended")], [state, false]);
    const left = { found: "missing" } as const;
    world.living.shift();
    world.post({ type: "gone", generation: 1, left, at: world.now });
    assertEquals([facts(world).includes("ended"), living(world).includes(1)], [true, false]);
  });
}

Deno.test("a candidate's status is told of at once", () => {
  const world = begin("booting");
  exit(world, 2, 3);
  const failed = world.facts.at(-1);
  assertEquals(failed?.type === "candidate failed" && failed.status, { kind: "exited", code: 3 });
  assertEquals(world.state(), "aborting");
});

Deno.test("how live ended before it had saved is told of", () => {
  const world = begin("stopping");
  exit(world, 1, 3);
  const hook = world.facts.findLast((fact) => fact.type === "hook");
  assertEquals(hook?.trouble, {
    kind: "lost",
    why: "It ended with exit status 3 before it had saved",
  });
});

Deno.test("what is left of a tree whose leader has left as it was told is signaled", () => {
  const world = begin("leaving");
  exit(world, 1, 0, 2);
  assert(world.effects.some((effect) => effect.type === "signal" && effect.generation === 1));
});

Deno.test("after a crash the next one is started by itself, when its time has come", () => {
  const world = crashed({ onCrash: "restart" });
  assertEquals([world.state(), living(world)], ["idle", []]);
  world.fire("backoff");
  assertEquals([living(world), lastReady(world)?.reason], [[2], "crash"]);
});

const survivors = [{ pid: 7, command: "sudo app", why: "Is another user's" }];

function outlive(world: World, generation: number): void {
  world.post({ type: "not killed", generation, processes: survivors, at: world.now });
}

for (const state of STATES) {
  Deno.test(`what cannot be killed is told of, and waited for: ${state}`, () => {
    const world = begin(state);
    outlive(world, 1);
    assertEquals([world.state(), facts(world).at(-1), world.quit], [state, "not killed", null]);
  });
}

Deno.test("asked to stop, what cannot be killed is told of, and left", () => {
  const world = running("silent");
  for (let time = 0; time < 2; time++) world.post({ type: "stop", by: "SIGINT", at: world.now });
  outlive(world, 1);
  assertEquals([world.state(), world.quit], ["ended", 1]);
  assertEquals(facts(world).slice(-2), ["not killed", "stopped"]);
});

Deno.test("asked to stop while what cannot be killed is waited for, it is tried once more, and left", () => {
  const world = running("silent");
  save(world, "silent");
  world.fire("stop 1");
  outlive(world, 1);
  const count = world.effects.length;
  world.post({ type: "stop", by: "SIGINT", at: world.now });
  assertEquals([world.state(), doneSince(world, count).includes("kill")], ["leaving", true]);
  outlive(world, 1);
  assertEquals(world.quit, 1);
});

Deno.test("asked to stop for the third time, baton ends whatever lives on", () => {
  const world = running("silent");
  for (let time = 0; time < 3; time++) world.post({ type: "stop", by: "SIGINT", at: world.now });
  assertEquals([world.state(), world.quit], ["ended", 1]);
});

Deno.test("a candidate that cannot be killed is tried once more when live is gone", () => {
  const world = begin("aborting");
  world.post({ type: "stop", by: "SIGINT", at: world.now });
  const count = world.effects.length;
  world.exit(world.living[0]!, 0);
  progress(world, 1);
  assertEquals([world.state(), doneSince(world, count).includes("kill")], ["leaving", true]);
});
