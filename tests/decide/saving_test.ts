/** Live saves a checkpoint while it still serves, before it is asked to stop. */
import { assertEquals } from "@std/assert";
import { begin, facts, hello, lastReady, living, progress, running, save } from "./play.ts";
import type { World } from "./world.ts";

const REFUSES = 0;
const LIES = 1;
const GOOD = 4;

/** Live saves, and a candidate boots. */
function booting(): World {
  const world = running("saving");
  save(world, "saving");
  return world;
}

/** What live was asked for since it was ready. */
const asked = (world: World) =>
  world.effects.map(({ type }) => type).filter((type) => ["checkpoint", "ask"].includes(type));

Deno.test("live is asked for a checkpoint as the candidate boots, and to stop once it is there", () => {
  const world = booting();
  progress(world, 2); // at the barrier
  assertEquals([world.state(), asked(world)], ["booting", ["checkpoint"]]);
  progress(world, 1, 1, GOOD);
  assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
});

Deno.test("a checkpoint that is there before the candidate is at the barrier is waited for no more", () => {
  const world = booting();
  progress(world, 1, 1, GOOD);
  assertEquals(world.state(), "booting");
  progress(world, 2);
  assertEquals(world.state(), "stopping");
});

Deno.test("live that cannot save goes on serving, and the change is told of; the next save tries again", () => {
  const world = booting();
  progress(world, 1, 1, REFUSES);
  const fact = world.facts.at(-1);
  assertEquals(fact?.type === "handoff refused" && [fact.generation, fact.changed, fact.why], [
    1,
    ["app.py"],
    "It cannot be written",
  ]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["running", [1]]);
  save(world, "saving");
  progress(world, 1, 1, GOOD);
  progress(world, 3);
  progress(world, 1, 3, GOOD);
  progress(world, 3);
  assertEquals([living(world), lastReady(world)?.state?.envelope.generation], [[3], 1]);
});

Deno.test("one that is handed over in sequence saves while it serves, too", () => {
  const world = begin("saving");
  assertEquals([asked(world), living(world)], [["checkpoint"], [1]]);
  progress(world, 1, 1, GOOD);
  assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
});

Deno.test("one that is handed over in sequence and cannot save goes on serving, too", () => {
  const world = begin("saving");
  progress(world, 1, 1, REFUSES);
  assertEquals([world.state(), living(world), facts(world).at(-1)], [
    "running",
    [1],
    "handoff refused",
  ]);
  save(world, "saving in turn");
  assertEquals(asked(world), ["checkpoint", "checkpoint"]);
});

for (const state of ["booting", "saving"] as const) {
  Deno.test(`a person who insists on a restart gets it, whatever live can save: ${state}`, () => {
    const world = state === "booting" ? booting() : begin(state);
    progress(world, 1, 1, REFUSES);
    if (state === "booting") progress(world, 2, 2);
    world.post({ type: "restart", at: world.now });
    assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
  });

  Deno.test(`a checkpoint that cannot be used is told of, and the handoff goes on: ${state}`, () => {
    const world = state === "booting" ? booting() : begin(state);
    if (state === "booting") progress(world, 2);
    progress(world, 1, 1, LIES);
    assertEquals([world.state(), facts(world).includes("state rejected")], ["stopping", true]);
  });

  Deno.test(`live that does not answer is left alone, once: ${state}`, () => {
    const world = state === "booting" ? booting() : begin(state);
    world.fire("checkpoint 1");
    const fact = world.facts.at(-1);
    assertEquals(fact?.type === "handoff refused" && fact.afterMs, 10_000);
    if (state === "booting") progress(world, 2, 2);
    assertEquals([world.state(), living(world)], ["running", [1]]);
    save(world, "saving");
    if (state === "booting") progress(world, 3);
    assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
  });

  Deno.test(`a participant that goes before it has saved is not waited for: ${state}`, () => {
    const world = state === "booting" ? booting() : begin(state);
    if (state === "booting") progress(world, 2);
    hello(world, 1, 1);
    world.hangUp(world.living[0]!);
    assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
  });

  Deno.test(`what another participant refuses does not count: ${state}`, () => {
    const world = state === "booting" ? booting() : begin(state);
    hello(world, 1, 1);
    const about = { generation: 1, participant: 1, at: world.now };
    world.post({ type: "refused", why: "no", ...about });
    assertEquals(world.state(), state);
  });
}

Deno.test("live that has not said that it serves has no state, and is asked to stop at once", () => {
  const world = running("saving");
  const { generations } = world.machine.context;
  const unready = generations.map((one) => ({
    ...one,
    participants: one.participants.map((participant) => ({ ...participant, isReady: false })),
  }));
  world.machine = { ...world.machine, context: { ...world.machine.context, generations: unready } };
  save(world, "saving");
  progress(world, 2);
  assertEquals([world.state(), asked(world)], ["stopping", ["ask"]]);
});

Deno.test("a participant that says that it serves while live saves has a state from then on", () => {
  const world = begin("saving");
  hello(world, 1, 1);
  assertEquals(
    world.effects.some((effect) => effect.type === "open" && effect.participant === 1),
    true,
  );
  world.post({ type: "ready", generation: 1, participant: 1, at: world.now });
  const [live] = world.machine.context.generations;
  assertEquals(live?.participants.map(({ id, isReady }) => [id, isReady]), [[0, true], [1, true]]);
});

Deno.test("a change that is undone while live saves starts nothing, more of it is told", () => {
  const undone = begin("saving");
  undone.revert(1);
  undone.settle();
  assertEquals(undone.state(), "running");

  const world = begin("saving");
  const differs = new Map([[1, ["app.py", "more.py"]]]);
  world.post({ type: "changed", firstAt: 0, at: world.now, paths: ["more.py"], differs });
  progress(world, 1, 1, GOOD);
  const ask = world.effects.find((effect) => effect.type === "ask");
  assertEquals(ask?.changed, ["app.py", "more.py"]);
});

Deno.test("asked to restart while live saves, it is not waited for", () => {
  const world = begin("saving");
  world.post({ type: "restart", at: world.now });
  assertEquals([world.state(), asked(world)], ["stopping", ["checkpoint", "ask"]]);
});

Deno.test("live that refused and then ends by itself makes way for what it has refused", () => {
  const world = booting();
  progress(world, 1, 1, REFUSES);
  progress(world, 2, 2);
  world.exit(world.living[0]!, 1);
  progress(world, 1);
  world.settle();
  assertEquals([world.state(), living(world)], ["running", [3]]);
});
