/** What is handed over behind a proxy: swapped where it takes no part, in sequence where it leaves a state. */
import { assertEquals } from "@std/assert";
import { facts, lastReady, living, progress, save } from "./play.ts";
import type { Event } from "../../lib/decide/event.ts";
import { type Content, World } from "./world.ts";

const proxy = { kind: "tcp", host: "127.0.0.1", port: 8_000 } as const;

/** One that serves behind a proxy. */
function serving(content: Content, policy = {}): World {
  const world = new World(content, { proxy, ...policy });
  progress(world, 1);
  assertEquals([world.state(), world.route], ["running", 1]);
  return world;
}

/** Live has been asked to end what it has begun, and the next one serves. */
function swapping(): World {
  const world = serving("silent");
  save(world, "silent");
  progress(world, 2);
  return world;
}

Deno.test("one that takes no part serves until the next answers; what it has begun ends; then it is stopped", () => {
  const world = serving("silent");
  save(world, "silent");
  assertEquals([world.state(), living(world), world.route], ["booting", [1, 2], 1]);
  progress(world, 2); // answers
  assertEquals([world.state(), world.route, world.living[0]!.signaled], ["leaving", 2, false]);
  assertEquals([lastReady(world)?.mode, lastReady(world)?.timings.darkMs], ["swapped", 0]);
  progress(world, 1); // drained
  assertEquals(world.living[0]!.signaled, true);
  progress(world, 1, 2);
  assertEquals([world.state(), living(world), world.route], ["running", [2], 2]);
  assertEquals([world.timers.size, facts(world).filter((type) => type === "ready").length], [1, 2]);
});

Deno.test("what has no end is ended when the time to stop is over", () => {
  const world = swapping();
  world.fire("drain 1");
  assertEquals([world.living[0]!.signaled, world.timers.has("stop 1")], [true, true]);
});

Deno.test("a candidate that answers before the files are quiet waits for that", () => {
  const world = serving("silent");
  world.save("silent");
  world.look();
  progress(world, 2);
  assertEquals([world.state(), world.route], ["booting", 1]);
  world.settle();
  assertEquals([world.state(), world.route], ["leaving", 2]);
});

Deno.test("a broken edit costs nothing, before it answers or just after", () => {
  const broken = serving("silent");
  save(broken, "broken");
  broken.exit(broken.living[1]!, 1);
  progress(broken, 2);
  assertEquals([broken.state(), living(broken), broken.route], ["running", [1], 1]);

  const world = swapping();
  world.exit(world.living[1]!, 1);
  assertEquals([world.state(), world.route, facts(world).at(-1)], [
    "aborting",
    1,
    "candidate failed",
  ]);
  progress(world, 2);
  progress(world, 1); // what was to be drained is of no interest any more
  assertEquals([world.state(), living(world), world.living[0]!.signaled], ["running", [1], false]);
});

/** The candidate ends, and what it said names another generation. */
function refuseCompany(world: World): void {
  const { number: generation } = world.living.at(-1)!;
  const status = { kind: "exited", code: 1 } as const;
  const said = { lines: ["already running (pid 1)"], names: "process 1 of generation 1" };
  world.post({ type: "exited", generation, status, survivors: 0, ...said, at: world.now });
}

Deno.test("a candidate that names another is not broken, but cannot run beside it: in sequence, now and later", () => {
  const world = serving("silent");
  save(world, "silent");
  refuseCompany(world);
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "in sequence"]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["leaving", [1]]);
  progress(world, 1, 3);
  const ready = { type: "ready", generation: 3, participant: null, holds: [] } as const;
  world.post({ ...ready, at: world.now });
  assertEquals([lastReady(world)?.generation, lastReady(world)?.changed], [3, ["app.py"]]);
  save(world, "silent");
  assertEquals([world.state(), living(world)], ["leaving", [3]]);
  assertEquals(facts(world).filter((type) => type === "in sequence").length, 1);
});

Deno.test("one that names another just after it has answered makes way as well, and who served goes on until then", () => {
  const world = swapping();
  refuseCompany(world);
  assertEquals([world.state(), world.route, facts(world).at(-1)], ["aborting", 1, "in sequence"]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world), world.timers.has("drain 1")], ["leaving", [1], true]);
  progress(world, 1, 3);
  assertEquals(living(world), [3]);
  progress(world, 3);
  assertEquals([world.route, lastReady(world)?.changed], [3, ["app.py"]]);
});

Deno.test("one that names another which is being stopped is started again once that is gone", () => {
  const world = swapping();
  progress(world, 1); // drained, and signaled
  refuseCompany(world);
  assertEquals([world.state(), facts(world).at(-1)], ["leaving", "in sequence"]);
  progress(world, 2, 2);
  progress(world, 1, 3);
  assertEquals(living(world), [3]);
  progress(world, 3);
  save(world, "silent");
  assertEquals([world.state(), living(world), lastReady(world)?.generation], ["leaving", [3], 3]);
});

Deno.test("who asks for --handoff overlapped is told of one that names another as of any that fails", () => {
  const world = serving("silent", { handoff: "overlapped" });
  save(world, "silent");
  refuseCompany(world);
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "candidate failed"]);
});

Deno.test("one that was asked to stop is not taken back where the next ends", () => {
  const world = swapping();
  progress(world, 1);
  world.exit(world.living[1]!, 1);
  assertEquals([world.state(), facts(world).at(-1)], ["leaving", "candidate failed"]);
});

Deno.test("what leaves a state: the next, which was started without, is started again with it; then it is in sequence", () => {
  const world = serving("leaves a file");
  save(world, "leaves a file");
  progress(world, 2);
  progress(world, 1, 3); // drained, exits, gone
  assertEquals([world.state(), living(world), facts(world).includes("in sequence")], [
    "leaving",
    [2],
    true,
  ]);
  progress(world, 2, 2); // killed, gone
  const spawned = world.effects.findLast(({ type }) => type === "spawn");
  assertEquals([spawned?.type === "spawn" && spawned.state?.path, living(world)], ["state-1", [3]]);
  progress(world, 3);
  assertEquals([world.state(), world.route], ["running", 3]);
  save(world, "leaves a file");
  assertEquals([world.state(), living(world)], ["leaving", [3]]);
  progress(world, 3, 3); // drained, exits, gone
  progress(world, 4);
  assertEquals([world.route, lastReady(world)?.mode, lastReady(world)?.from], [4, "sequential", 3]);
  save(world, "silent");
  progress(world, 4, 3);
  progress(world, 5);
  save(world, "silent"); // which leaves nothing once it has been seen to
  progress(world, 5, 3);
  progress(world, 6);
  save(world, "silent");
  assertEquals([world.state(), living(world)], ["booting", [6, 7]]);
});

const CASES: readonly (readonly [string, (world: World) => void, object?])[] = [
  ["is asked to be", () => {}, { handoff: "sequential" }],
  ["holds another port", (world) => says(world, { type: "ready", holds: ["port 9229"] })],
  ["does not answer on its port", (world) => world.fire("boot 1")],
];

function says(world: World, event: object): void {
  world.post({ generation: 1, participant: null, at: world.now, ...event } as Event);
}

for (const [name, happens, policy = {}] of CASES) {
  Deno.test(`in sequence where it ${name}, and what it has begun ends before`, () => {
    const world = new World("silent", { proxy, ...policy });
    happens(world);
    if (world.route === null) progress(world, 1);
    save(world, "silent");
    assertEquals([world.state(), living(world), world.living[0]!.signaled], [
      "leaving",
      [1],
      false,
    ]);
    progress(world, 1, 3);
    assertEquals(living(world), [2]);
  });
}

Deno.test("one that is not ready itself is stopped for the next", () => {
  const world = new World("silent", { proxy });
  save(world, "silent");
  assertEquals([world.state(), world.living[0]!.signaled], ["leaving", true]);
});

Deno.test("asked to stop while both serve, both are asked", () => {
  const world = swapping();
  world.post({ type: "stop", by: "SIGINT", at: world.now });
  assertEquals(world.living.map(({ signaled }) => signaled), [true, false]);
  progress(world, 1, 3); // drained, exits, gone
  assertEquals(world.living.map(({ signaled }) => signaled), [true]);
  progress(world, 2, 2);
  assertEquals([world.state(), world.quit], ["ended", 0]);
});

Deno.test("live crashes while the next boots: that goes on, and is routed to when it answers", () => {
  for (const answersFirst of [false, true]) {
    const world = serving("silent");
    world.save("silent");
    world.look();
    if (answersFirst) progress(world, 2);
    world.exit(world.living[0]!, 1);
    progress(world, 1);
    progress(world, 2);
    assertEquals([world.state(), living(world), world.route], ["running", [2], 2]);
  }
});

Deno.test("where live is gone before it is drained, the next one is all there is", () => {
  const world = swapping();
  world.exit(world.living[0]!, 0);
  world.living[0]!.drains = false;
  progress(world, 1);
  assertEquals([world.state(), living(world), world.timers.has("drain 1")], [
    "running",
    [2],
    false,
  ]);
});

Deno.test("asked to restart while both serve, the one that goes on serving is restarted once the other is gone", () => {
  const world = swapping();
  world.post({ type: "restart", at: world.now });
  world.post({ type: "restart", at: world.now }); // impatience is one restart
  assertEquals([world.state(), living(world), world.route], ["leaving", [1, 2], 2]);
  progress(world, 1, 3); // drained, exits, gone
  assertEquals([world.state(), living(world), world.route], ["booting", [2, 3], 2]);
  progress(world, 3);
  assertEquals([lastReady(world)?.reason, lastReady(world)?.from], ["restart", 2]);
  progress(world, 2, 3);
  assertEquals([world.state(), living(world)], ["running", [3]]);
});

Deno.test("asked to restart while both serve: whose successor ends stays, and another one is tried", () => {
  const world = swapping();
  world.post({ type: "restart", at: world.now });
  world.exit(world.living[1]!, 1);
  assertEquals([world.state(), world.route], ["aborting", 1]);
  progress(world, 2);
  assertEquals([world.state(), living(world), world.route], ["booting", [1, 3], 1]);
});

Deno.test("asked to restart while both serve: what is started anew for any reason is that restart", () => {
  const leaves = serving("leaves a file");
  save(leaves, "leaves a file");
  progress(leaves, 2);
  leaves.post({ type: "restart", at: leaves.now });
  progress(leaves, 1, 3);
  progress(leaves, 2, 2); // it was started without the state
  assertEquals([leaves.state(), living(leaves)], ["running", [3]]);

  const lost = swapping();
  progress(lost, 1); // drained
  lost.post({ type: "restart", at: lost.now });
  lost.exit(lost.living[1]!, 1);
  progress(lost, 2);
  progress(lost, 1, 2);
  assertEquals([lost.state(), living(lost)], ["running", [3]]);
});

Deno.test("asked to restart while live makes way for one that does not run yet, that is the restart", () => {
  const world = new World("silent", { proxy, handoff: "sequential" });
  progress(world, 1);
  save(world, "silent");
  world.post({ type: "restart", at: world.now });
  progress(world, 1, 3);
  assertEquals([world.state(), living(world)], ["running", [2]]);
  progress(world, 2);
  assertEquals([world.state(), living(world)], ["running", [2]]);
});

Deno.test("who waits while both serve is told so after a while, unless that is over by then", () => {
  const waits: ((world: World) => void)[] = [
    (world) => save(world, "silent"),
    (world) => world.post({ type: "restart", at: world.now }),
  ];
  for (const wait of waits) {
    const world = swapping();
    assertEquals(world.timers.has("wait 1"), false);
    wait(world);
    assertEquals([world.timers.has("wait 1"), facts(world).at(-1)], [true, "ready"]);
    world.fire("wait 1");
    assertEquals(world.facts.at(-1), { type: "held up", generation: 1, limitMs: 5_000 });

    const quick = swapping();
    wait(quick);
    progress(quick, 1, 3); // drained, exits, gone
    assertEquals(quick.timers.has("wait 1"), false);

    const broken = swapping();
    wait(broken);
    broken.exit(broken.living[1]!, 1); // so that live stays
    assertEquals(broken.timers.has("wait 1"), false);

    const signaled = swapping();
    wait(signaled);
    progress(signaled, 1); // drained: now it is on its way out
    signaled.fire("wait 1");
    assertEquals(facts(signaled).includes("held up"), false);
  }
  const undone = swapping();
  undone.look();
  assertEquals(undone.timers.has("wait 1"), false);
});

/** One that was seen to leave nothing, whose successor serves while it ends what it has begun. */
function known(): World {
  const world = swapping();
  progress(world, 1, 3); // drained, exits, gone
  save(world, "silent");
  progress(world, 3);
  assertEquals([world.state(), living(world), world.route], ["leaving", [2, 3], 3]);
  return world;
}

const DUE: readonly (readonly [string, (world: World) => void])[] = [
  ["an edit", (world) => save(world, "silent")],
  ["a restart", (world) => world.post({ type: "restart", at: world.now })],
];

for (const [name, happens] of DUE) {
  Deno.test(`${name} does not wait for what one has begun that leaves nothing, and that ends all the same`, () => {
    const world = known();
    happens(world);
    assertEquals([world.state(), living(world), world.timers.has("wait 2")], [
      "booting",
      [2, 3, 4],
      false,
    ]);
    progress(world, 4);
    assertEquals([world.state(), world.route, world.living[0]!.signaled], ["leaving", 4, false]);
    progress(world, 2); // drained
    assertEquals([world.living[0]!.signaled, world.timers.has("drain 2")], [true, false]);
    progress(world, 2, 2);
    progress(world, 3, 3);
    const left = [...world.timers].filter((timer) => !timer.startsWith("slow"));
    assertEquals([world.state(), living(world), left], ["running", [4], []]);
  });
}

Deno.test("one that is left to itself is signaled when its time is over, and killed when that is", () => {
  const world = known();
  save(world, "silent");
  world.fire("drain 2");
  progress(world, 2); // drained, which is too late
  assertEquals(world.effects.filter(({ type }) => type === "signal").length, 2); // the first, too
  world.fire("stop 2");
  assertEquals([world.effects.at(-2), facts(world).at(-1)], [
    { type: "kill", generation: 2 },
    "escalated",
  ]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world), world.timers.has("stop 2")], [
    "booting",
    [3, 4],
    false,
  ]);
});

Deno.test("one that was signaled already is left to itself as well; one that was killed is soon gone", () => {
  for (const isKilled of [false, true]) {
    const world = known();
    progress(world, 2); // drained
    if (isKilled) world.fire("stop 2");
    save(world, "silent");
    assertEquals(world.state(), isKilled ? "leaving" : "booting");
    if (!isKilled) world.fire("stop 2");
    progress(world, 2, 2);
    assertEquals([world.state(), living(world)], ["booting", [3, 4]]);
  }
});

Deno.test("four are left to themselves at once, and the fifth is waited for", () => {
  const world = known();
  for (let generation = 4; generation < 8; generation++) {
    save(world, "silent");
    progress(world, generation);
  }
  save(world, "silent");
  assertEquals([world.state(), living(world)], ["leaving", [2, 3, 4, 5, 6, 7]]);
  assertEquals(world.timers.has("wait 6"), true);
  progress(world, 6, 3);
  assertEquals([world.state(), living(world)], ["booting", [2, 3, 4, 5, 7, 8]]);
});

Deno.test("what one leaves after all that was left to itself is for the next that is started", () => {
  const world = known();
  world.living[0]!.content = "leaves a file";
  save(world, "silent");
  progress(world, 4);
  progress(world, 2, 3);
  assertEquals([world.machine.context.best?.path, living(world)], ["state-2", [3, 4]]);
  save(world, "silent");
  assertEquals([world.state(), living(world)], ["leaving", [3, 4]]); // nor can the next be left to itself
});

Deno.test("asked to stop, baton ends once those are gone that were left to themselves", () => {
  const world = known();
  save(world, "silent");
  world.post({ type: "stop", by: "SIGINT", at: world.now });
  progress(world, 4, 2); // killed
  progress(world, 3, 2);
  assertEquals([world.state(), living(world)], ["leaving", [2]]);
  assertEquals(world.effects.at(-1), { type: "kill", generation: 2 });
  progress(world, 2, 3); // drained, exits, gone
  assertEquals([world.state(), world.quit], ["ended", 0]);
});
