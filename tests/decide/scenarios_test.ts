/** What must be true of a handoff, one test a rule. */
import { assertEquals } from "@std/assert";
import {
  DIES,
  facts,
  HANGS_UP,
  lastReady,
  LIES,
  living,
  progress,
  REFUSES,
  running,
  save,
} from "./play.ts";
import { World } from "./world.ts";

Deno.test("one that offers the handoff serves until the next is at the barrier; then it goes, and only then is that opened", () => {
  const world = running();
  save(world);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  progress(world, 2); // hello: it is at the barrier
  assertEquals(world.state(), "stopping");
  progress(world, 1); // saved, and checked while it lives
  assertEquals([world.state(), living(world)], ["leaving", [1, 2]]);
  progress(world, 1, 2); // exits, gone
  assertEquals([world.state(), living(world)], ["running", [2]]);
  progress(world, 2); // ready
  assertEquals([world.state(), lastReady(world)?.mode], ["running", "overlapped"]);
  assertEquals(lastReady(world)?.state?.envelope.generation, 1);
});

for (const content of ["silent", "exclusive"] as const) {
  Deno.test(`one that is ${content} is handed over sequentially`, () => {
    const world = running(content);
    save(world, content);
    assertEquals(living(world), [1]);
    progress(world, 1, 3);
    progress(world, 2, 2);
    assertEquals([living(world), lastReady(world)?.mode], [[2], "sequential"]);
  });
}

Deno.test("--handoff overlapped on one that cannot is said, and it is handed over all the same", () => {
  const world = running("silent", { handoff: "overlapped" });
  save(world, "silent");
  progress(world, 1, 2);
  assertEquals([facts(world).includes("not overlapped"), living(world)], [true, [2]]);
});

Deno.test("a candidate that dies before the barrier costs nothing; the next save tries again", () => {
  const world = running();
  save(world, "broken");
  progress(world, 2, 2);
  assertEquals([world.state(), living(world), facts(world).at(-1)], [
    "running",
    [1],
    "candidate failed",
  ]);
  save(world);
  assertEquals(living(world), [1, 3]);
});

Deno.test("files written while a candidate boots, and back before anyone looked: it makes way for another, once", () => {
  const world = running();
  save(world);
  world.rewrite();
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "candidate outdated"]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
  world.rewrite();
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
  save(world); // something new may be doubted again
  progress(world, 3, 2);
  assertEquals(living(world), [1, 4]);
  world.rewrite();
  progress(world, 4, 2);
  assertEquals(living(world), [1, 5]);
});

Deno.test("a candidate that failed on files that were being written is tried again, once", () => {
  const world = running();
  save(world, "broken");
  const version = world.version;
  progress(world, 2); // exits
  world.rewrite();
  progress(world, 2); // gone
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
  assertEquals(world.spawnedFrom.get(3), version);
  progress(world, 3);
  world.rewrite();
  progress(world, 3);
  world.rewrite();
  assertEquals([world.state(), living(world)], ["running", [1]]);
});

Deno.test("so is one that is gone when the watch says so", () => {
  const world = running();
  save(world, "broken");
  progress(world, 2, 2);
  world.rewrite();
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
});

Deno.test("a candidate that failed while files were written and told, and back: the same is tried again", () => {
  const world = running();
  save(world, "broken");
  progress(world, 2); // exits
  save(world);
  world.revert(2);
  world.settle();
  world.rewrite();
  progress(world, 2); // gone
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
});

Deno.test("files written later do not make stale what runs", () => {
  const world = running();
  world.rewrite();
  assertEquals([world.state(), living(world)], ["running", [1]]);
});

Deno.test("a candidate that never reaches the barrier is given up at its deadline", () => {
  const world = running();
  save(world);
  world.fire("boot 2");
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["running", [1]]);
});

Deno.test("an edit that failed and is reverted is told of, once; one that was still booting is not", () => {
  const world = running();
  const takeBack = () => {
    world.revert(1);
    world.settle();
  };
  save(world);
  takeBack();
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "candidate outdated"]);
  progress(world, 2, 2);
  save(world, "broken");
  progress(world, 3, 2);
  takeBack();
  assertEquals([world.state(), facts(world).at(-1)], ["running", "reverted"]);
  save(world);
  takeBack();
  assertEquals(facts(world).filter((type) => type === "reverted").length, 1);
});

Deno.test("one that counted as ready until it said hello is not named as the last ready one", () => {
  const world = new World("dies opened");
  progress(world, 1, 2); // hello: the barrier opens; then it dies
  const ended = world.facts.find((fact) => fact.type === "ended");
  assertEquals([ended?.wasReady, ended?.lastReady], [false, null]);
});

Deno.test("one that dies after the barrier keeps its state for the next, and the last ready one is named", () => {
  const world = running();
  save(world, "dies opened");
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 2, 2);
  const ended = world.facts.findLast((fact) => fact.type === "ended");
  assertEquals([ended?.wasReady, ended?.lastReady], [false, 1]);
  save(world);
  progress(world, 3, 2);
  assertEquals(lastReady(world)?.state?.envelope.generation, 1);
});

for (const kind of ["final", "checkpoint"] as const) {
  Deno.test(`a ${kind} state that was not asked for is kept for what comes next`, () => {
    const world = running();
    const saved = { generation: 1, participant: 0, kind, bytes: 1, sha256: "a".repeat(64) };
    world.post({ ...saved, type: "saved", at: world.now });
    world.exit(world.living[0]!, 1);
    const ended = world.facts.find((fact) => fact.type === "ended");
    assertEquals(ended?.state?.envelope.generation, 1);
  });
}

Deno.test("a save during the boot replaces the candidate, with never a third generation", () => {
  const world = running();
  save(world);
  save(world);
  assertEquals([living(world), facts(world).includes("candidate outdated")], [[1, 2], true]);
  progress(world, 2, 2);
  assertEquals(living(world), [1, 3]);
});

for (const content of ["overlapping", "broken"] as const) {
  Deno.test(`an edit that is undone and made again is tried again: ${content}`, () => {
    const world = running();
    save(world, content);
    if (content === "broken") progress(world, 2, 2);
    world.revert(1);
    world.settle();
    progress(world, 2, 2);
    assertEquals([world.state(), living(world)], ["running", [1]]);
    world.revert(2);
    world.settle();
    assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
  });
}

Deno.test("an edit that is undone and made again while its candidate is being ended is tried again", () => {
  const world = running();
  save(world);
  for (const version of [1, 2]) {
    world.revert(version);
    world.settle();
  }
  assertEquals(world.state(), "aborting");
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
});

Deno.test("one that closes the pipe while an outdated candidate is being ended is replaced all the same", () => {
  const world = running();
  save(world);
  save(world);
  world.post({ type: "disconnected", generation: 1, participant: 0, at: world.now });
  progress(world, 2, 2);
  progress(world, 1, 2);
  assertEquals(living(world), [3]);
});

Deno.test("a save after the barrier is not lost: the handoff finishes, and the next begins", () => {
  const world = running();
  save(world);
  progress(world, 2);
  save(world);
  progress(world, 1, 3);
  progress(world, 2);
  assertEquals([world.generations.map(({ number }) => number), world.state()], [
    [2, 3],
    "booting",
  ]);
});

const TROUBLES = {
  "refuses to save": REFUSES,
  "dies": DIES,
  "closes the pipe": HANGS_UP,
  "lies": LIES,
};
for (const [name, chance] of Object.entries(TROUBLES)) {
  Deno.test(`one that ${name} when asked is reported, and the candidate takes over all the same`, () => {
    const world = running();
    save(world);
    progress(world, 2);
    progress(world, 1, 1, chance);
    progress(world, 1, 2);
    progress(world, 2);
    assertEquals([world.state(), living(world)], ["running", [2]]);
    assertEquals(facts(world).includes(chance === LIES ? "state rejected" : "hook"), true);
    assertEquals(lastReady(world)?.state, null);
  });
}

Deno.test("one that never answers is signaled at its deadline, and killed at the next", () => {
  const world = running();
  save(world);
  progress(world, 2);
  world.fire("hook 1");
  assertEquals(world.state(), "leaving");
  world.fire("stop 1");
  assertEquals(facts(world).at(-1), "hook"); // it is not told to be killed before it is gone
  progress(world, 1);
  progress(world, 1);
  assertEquals(facts(world).slice(-2), ["hook", "escalated"]);
});

Deno.test("asked to stop, it says so, saves and ends; asked again, it kills at once", () => {
  const world = running();
  world.post({ type: "stop", by: "SIGINT", at: 1 });
  assertEquals([world.state(), facts(world).at(-1)], ["stopping", "stopping"]);
  world.post({ type: "stop", by: "SIGINT", at: 2 });
  assertEquals([world.state(), world.living[0]?.released], ["leaving", true]);
  progress(world, 1, 2);
  assertEquals([world.state(), world.quit], ["ended", 0]);
});

Deno.test("a leader that leaves its program to others has not ended it, also while files settle", () => {
  const world = running("silent");
  world.save("silent");
  world.look();
  assertEquals(world.state(), "settling");
  const status = { kind: "exited", code: 0 } as const;
  const exited = { type: "exited", generation: 1, status, survivors: 1, lines: [] } as const;
  world.post({ ...exited, at: world.now });
  assertEquals([world.state(), facts(world).includes("ended")], ["settling", false]);
  world.settle();
  assertEquals([world.state(), facts(world).includes("ended")], ["leaving", false]);
});

Deno.test("a candidate that boots for long is told of, one at the barrier is not", () => {
  const world = running();
  save(world);
  world.fire("slow 2");
  const slow = world.facts.at(-1);
  assertEquals(slow?.type === "slow" && [slow.generation, slow.live, slow.limitMs], [
    2,
    1,
    world.machine.context.policy.bootTimeoutMs,
  ]);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  progress(world, 2); // hello
  const said = world.facts.length;
  world.fire("slow 2");
  assertEquals(world.facts.length, said);
});
