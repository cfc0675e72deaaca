/** Programs that do not go the usual way still never leave baton waiting for what cannot come. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { facts, hello, lastReady, living, progress, running, save } from "./play.ts";
import type { World } from "./world.ts";

/** The last process of a generation is gone. */
function treeGone(world: World, generation: number): void {
  const process = world.living.find(({ number }) => number === generation)!;
  world.exit(process, 0);
  progress(world, generation);
}

/** A generation whose leader has left its program to others. */
function leftToOthers(): World {
  const world = running("left to others");
  progress(world, 1);
  assertEquals([world.state(), world.generations[0]?.ended], ["running", {
    kind: "exited",
    code: 0,
  }]);
  return world;
}

const UNDER_WAY: Readonly<Record<string, (world: World) => void>> = {
  settling: (world) => {
    world.save("left to others");
    world.look();
    world.hangUp(world.living[0]!);
  },
  booting: (world) => save(world, "left to others"),
  aborting: (world) => {
    save(world);
    save(world, "left to others");
  },
  stopping: (world) => {
    save(world, "left to others");
    progress(world, 2, 2);
  },
};
for (const [phase, begin] of Object.entries(UNDER_WAY)) {
  Deno.test(`a program that its leader left is gone while baton is ${phase}: the next one runs`, () => {
    const world = leftToOthers();
    begin(world);
    if (phase !== "settling") assertEquals(world.state(), phase);
    treeGone(world, 1);
    world.settle();
    for (const generation of [2, 2, 2, 2, 3, 3, 3, 3]) progress(world, generation);
    assertEquals([world.state(), world.generations.length], ["running", 1]);
    assertEquals(world.generations[0]?.number, living(world)[0]);
  });
}

Deno.test("what a program saved that is gone before its state was read is read all the same", () => {
  const world = leftToOthers();
  save(world);
  hello(world, 1, 1, { capabilities: [] });
  progress(world, 2);
  progress(world, 1);
  treeGone(world, 1);
  assertEquals([world.state(), world.machine.context.best?.envelope.generation], ["running", 1]);
});

Deno.test("a candidate whose leader left it, as live's did, may take over", () => {
  const world = leftToOthers();
  save(world, "left to others");
  progress(world, 2);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  progress(world, 2);
  assertEquals(world.state(), "stopping");
});

Deno.test("back to what the old generation was, while that has gone for the change: it is started", () => {
  const world = running("exclusive");
  save(world, "exclusive");
  world.save("exclusive");
  world.look();
  progress(world, 1, 3);
  assertEquals([world.state(), living(world)], ["settling", []]);
  world.revert(1);
  world.settle();
  assertEquals(living(world), [2]);
});

Deno.test("an edit that is undone while a crash waits for its restart does not put that off for ever", () => {
  const world = running("silent", { onCrash: "restart" });
  world.exit(world.living[0]!, 1);
  progress(world, 1);
  assertEquals(world.state(), "idle");
  world.save("silent");
  world.look();
  world.revert(1);
  world.settle();
  assertEquals(living(world), [2]);
});

Deno.test("a candidate without a barrier is ready by what it said before its turn", () => {
  const world = running();
  save(world, "no barrier");
  progress(world, 2, 2);
  progress(world, 1, 3);
  assertEquals([world.state(), lastReady(world)?.generation], ["running", 2]);
});

Deno.test("a candidate that lost its pipe at the barrier is not waited for with live asked; its time runs", () => {
  const world = running();
  world.save("overlapping");
  world.look();
  progress(world, 2);
  world.hangUp(world.living[1]!);
  world.settle();
  assertEquals(world.state(), "booting");
  world.fire("boot 2");
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "candidate failed"]);
});

Deno.test("a candidate that dies while live is asked: the next one is told as what it is", () => {
  const world = running();
  save(world);
  progress(world, 2);
  world.exit(world.living[1]!, 1);
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 3, 2);
  const ready = lastReady(world)!;
  assertEquals([ready.generation, ready.mode], [3, "sequential"]);
  assertNotEquals(ready.marks.spawned, ready.marks.acted);
});

Deno.test("what live saves because someone else ends it is kept; what a candidate saves is not", () => {
  const world = running();
  save(world);
  const saved = { type: "saved", participant: 0, kind: "final", bytes: 1 } as const;
  const sha256 = "a".repeat(64);
  world.post({ ...saved, sha256, generation: 2, at: world.now });
  assertEquals(world.machine.context.best, null);
  world.post({ ...saved, sha256, generation: 1, at: world.now });
  assertEquals(world.machine.context.best?.envelope.generation, 1);
});

Deno.test("a worker that is started anew while its generation leaves is told to leave, too", () => {
  const world = running("exclusive");
  save(world, "exclusive");
  const process = world.living[0]!;
  while (!process.released) progress(world, 1);
  assertEquals(world.state(), "leaving");
  process.released = false;
  hello(world, 1, 1, { capabilities: [] });
  assertEquals([world.state(), process.released], ["leaving", true]);
});

Deno.test("a candidate whose leader left it, as live's did, may take over, also while live is asked", () => {
  const world = leftToOthers();
  save(world, "left to others");
  const about = { generation: 2, at: world.now };
  hello(world, 2, 0);
  assertEquals(world.state(), "stopping");
  const status = { kind: "exited", code: 0 } as const;
  world.post({ type: "exited", status, survivors: 1, lines: [], ...about });
  assertEquals([world.state(), living(world)], ["stopping", [1, 2]]);
  assertEquals(facts(world).includes("candidate failed"), false);
});

Deno.test("what counts is the state of the first participant of those connected now", () => {
  const world = running();
  const about = { generation: 1, at: world.now };
  const saved = { type: "saved", bytes: 1, ...about } as const;
  const a = "a".repeat(64);
  hello(world, 1, 1);
  world.post({ ...saved, participant: 1, kind: "checkpoint", sha256: a });
  assertEquals(world.machine.context.best, null);
  world.hangUp(world.living[0]!);
  world.post({ ...saved, participant: 1, kind: "checkpoint", sha256: a });
  assertEquals(world.machine.context.best?.envelope.generation, 1);
  hello(world, 1, 2);
  save(world);
  progress(world, 2);
  assertEquals(world.state(), "stopping");
  world.post({ ...saved, participant: 2, kind: "final", sha256: "b".repeat(64) });
  world.post({ ...saved, participant: 1, kind: "final", sha256: a });
  assertEquals([world.state(), facts(world).includes("state rejected")], ["leaving", false]);
});
