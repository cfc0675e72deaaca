/** A program that is built at each start: the next one is built while live serves, and runs after it. */
import { assertEquals } from "@std/assert";
import { doneSince, exit, facts, lastReady, living, progress, save } from "./play.ts";
import { type Content, World } from "./world.ts";

/** Built, let run and ready. */
function running(content: Content = "built", policy = {}): World {
  const world = new World(content, policy);
  progress(world, 1, 4);
  assertEquals([world.state(), world.generations[0]?.gate], ["running", "open"]);
  return world;
}

/** The next is being built beside it. */
function booting(content: Content = "built"): World {
  const world = running();
  save(world, content);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  return world;
}

/** What was asked to be done, of what has to do with processes. */
const done = (world: World, count: number) =>
  doneSince(world, count).filter((type) => ["execute", "signal", "ask", "kill"].includes(type));

Deno.test("the first is let run as soon as it is built", () => {
  const world = new World("built");
  assertEquals(done(world, 0), []);
  progress(world, 1);
  assertEquals(done(world, 0), ["execute"]);
});

Deno.test("what is built waits until live is gone, which is stopped no sooner", () => {
  const world = booting();
  const count = world.effects.length;
  progress(world, 2); // built
  assertEquals([world.state(), done(world, count)], ["leaving", ["signal"]]);
  progress(world, 1, 2); // exits, is gone
  assertEquals([world.state(), done(world, count)], ["running", ["signal", "execute"]]);
  const ready = lastReady(world);
  assertEquals([ready?.generation, ready?.mode, ready?.announced], [2, "built", false]);
});

Deno.test("a build that fails costs nothing", () => {
  const world = booting("build fails");
  exit(world, 2, 1);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["running", [1]]);
  assertEquals(facts(world).filter((type) => type === "candidate failed").length, 1);
  save(world, "built");
  progress(world, 3);
  progress(world, 1, 2);
  assertEquals(lastReady(world)?.generation, 3);
});

Deno.test("a newer save while it is built, and while it waits, ends it and begins another", () => {
  const world = booting();
  save(world, "built");
  assertEquals(world.state(), "aborting");
  progress(world, 2, 2); // killed, gone
  assertEquals([world.state(), living(world)], ["booting", [1, 3]]);
  world.save("built");
  world.look();
  progress(world, 3, 2);
  world.settle();
  assertEquals([world.state(), living(world)], ["booting", [1, 4]]);
});

Deno.test("what is built while the files are not quiet waits for that, and live serves", () => {
  const world = running();
  save(world, "built");
  world.settled = false;
  world.machine = {
    ...world.machine,
    context: { ...world.machine.context, settled: false },
  };
  progress(world, 2);
  assertEquals(world.state(), "booting");
  world.settle();
  assertEquals(world.state(), "leaving");
});

Deno.test("a state that live leaves in a file is there for what was built", () => {
  const world = running("built, leaves a file");
  for (const generation of [2, 3]) {
    save(world, "built, leaves a file");
    progress(world, generation);
    progress(world, generation - 1, 2);
    const executed = world.effects.findLast(({ type }) => type === "execute");
    assertEquals(
      executed?.type === "execute" && executed.state?.envelope.generation,
      generation - 1,
    );
  }
});

Deno.test("one that has a barrier is let run up to there, beside live", () => {
  const world = running("built overlapping");
  save(world, "built overlapping");
  const count = world.effects.length;
  progress(world, 2); // built
  assertEquals([world.state(), done(world, count)], ["booting", ["execute"]]);
  assertEquals(world.timers.has("boot 2"), true);
  progress(world, 2); // hello
  assertEquals([world.state(), done(world, count)], ["stopping", ["execute", "ask"]]);
  progress(world, 1, 3);
  progress(world, 2);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.mode], [2, "overlapped"]);
});

Deno.test("one that runs exclusively is built beside live, which is asked to save, and runs after it", () => {
  const world = running("built exclusive");
  save(world, "built exclusive");
  const count = world.effects.length;
  progress(world, 2); // built
  assertEquals(done(world, count), ["ask"]);
  progress(world, 1, 3); // saves, leaves, is gone
  assertEquals(done(world, count), ["ask", "execute"]);
  progress(world, 2, 2); // hello, ready
  const ready = lastReady(world);
  assertEquals([ready?.generation, ready?.mode, ready?.state?.envelope.generation], [
    2,
    "built",
    1,
  ]);
});

Deno.test("sequential as asked, or the first of its kind: live is stopped before the build", () => {
  const world = running("built", { handoff: "sequential" });
  save(world, "built");
  assertEquals([world.state(), living(world)], ["leaving", [1]]);
  const other = new World("silent");
  save(other, "built");
  assertEquals([other.state(), living(other)], ["leaving", [1]]);
});

Deno.test("a build may take as long as it takes, and is told of", () => {
  const world = booting();
  assertEquals([world.timers.has("boot 2"), world.timers.has("slow 2")], [false, true]);
  world.fire("slow 2");
  const slow = world.facts.at(-1);
  assertEquals(slow?.type === "slow" && slow.limitMs, null);
});

Deno.test("what waits is not told to be slow", () => {
  const world = booting();
  world.settled = false;
  world.machine = {
    ...world.machine,
    context: { ...world.machine.context, settled: false },
  };
  progress(world, 2);
  const said = world.facts.length;
  world.fire("slow 2");
  assertEquals([world.state(), world.facts.length], ["booting", said]);
});

Deno.test("live dies while the next is built: that runs once it is", () => {
  const world = booting();
  exit(world, 1, 1);
  world.living[0]!.exited = true;
  progress(world, 1); // gone
  assertEquals([world.state(), living(world), lastReady(world)?.generation], ["running", [2], 1]);
  progress(world, 2);
  assertEquals(lastReady(world)?.generation, 2);
});

Deno.test("live has died and leaves others behind: what is built meanwhile waits for them", () => {
  const world = booting();
  exit(world, 1, 1, 1);
  const count = world.effects.length;
  assertEquals(world.state(), "leaving");
  progress(world, 2);
  assertEquals(done(world, count), []);
  world.living[0]!.exited = true;
  progress(world, 1);
  assertEquals(done(world, count), ["execute"]);
});

Deno.test("live has died while one with a barrier is built: it waits there", () => {
  const world = running("built overlapping");
  save(world, "built overlapping");
  exit(world, 1, 1, 1);
  progress(world, 2, 2); // built, hello
  assertEquals([world.state(), world.generations[1]?.gate], ["leaving", "open"]);
});

Deno.test("what waits and ends makes way for another, which is started once live is gone", () => {
  const world = booting();
  progress(world, 2);
  exit(world, 2, 1);
  world.living[1]!.exited = true;
  progress(world, 2); // gone
  progress(world, 1, 2);
  assertEquals([world.state(), living(world)], ["running", [3]]);
});

Deno.test("where nothing tells of the build any more, the next follows live", () => {
  const world = running();
  save(world, "silent");
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "in sequence"]);
  progress(world, 2, 2); // killed, gone
  assertEquals([world.state(), living(world)], ["leaving", [1]]);
  progress(world, 1, 2);
  assertEquals([world.state(), living(world)], ["running", [3]]);
});

Deno.test("one with a barrier of which nothing tells that it is built has the time of any other", () => {
  const world = running("built overlapping");
  save(world, "overlapping");
  assertEquals([world.state(), world.timers.has("boot 2")], ["booting", true]);
});

Deno.test("a first build that is done while files settle runs at once", () => {
  const world = new World("built");
  world.save("built");
  world.look();
  assertEquals(world.state(), "settling");
  progress(world, 1);
  assertEquals(done(world, 0), ["execute"]);
});
