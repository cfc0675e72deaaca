/** What is learned from a hello: whose state counts, what is cut short, and what cannot run beside another. */
import { assertEquals } from "@std/assert";
import { begin, facts, hello, lastReady, living, progress, running, save } from "./play.ts";
import { World } from "./world.ts";

/** The first generation listens on a port when it says hello. */
function listening(policy = {}): World {
  const world = new World("saving", policy);
  hello(world, 1, 0, { capabilities: ["handoff", "checkpoint"], listens: ["port 8000"] });
  world.living[0]!.hello = true;
  progress(world, 1); // ready
  return world;
}

Deno.test("one that listens before its barrier is followed in sequence, and that is told once", () => {
  const world = listening();
  const fact = world.facts.find((one) => one.type === "in sequence");
  assertEquals(fact?.why, "it listens on port 8000 before its barrier");
  save(world, "saving");
  assertEquals([world.state(), living(world)], ["saving", [1]]);
  progress(world, 1, 4, 4);
  assertEquals(living(world), [2]);
  hello(world, 2, 0, { listens: ["port 8000", "port 9000"] });
  assertEquals(facts(world).filter((type) => type === "in sequence").length, 1);
});

Deno.test("one that listens no more before its barrier is followed by one that boots beside it", () => {
  const world = listening();
  save(world, "saving");
  progress(world, 1, 4, 4);
  progress(world, 2, 2); // says hello, is ready
  save(world, "saving");
  assertEquals([world.state(), living(world)], ["booting", [2, 3]]);
});

Deno.test("who asks for --handoff overlapped gets that, whatever was seen", () => {
  const world = listening({ handoff: "overlapped" });
  save(world, "saving");
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
});

Deno.test("a candidate that says that it runs exclusively makes way for another, in sequence", () => {
  const world = running();
  save(world, "exclusive");
  progress(world, 2); // says hello
  assertEquals([world.state(), facts(world).at(-1)], ["aborting", "in sequence"]);
  progress(world, 2, 2);
  assertEquals([world.state(), living(world)], ["stopping", [1]]);
  progress(world, 1, 3);
  progress(world, 3, 2);
  assertEquals([living(world), lastReady(world)?.generation, lastReady(world)?.changed], [
    [3],
    3,
    ["app.py"],
  ]);
});

Deno.test("after a candidate that died beside live, a person's restart is in sequence", () => {
  const world = running();
  save(world, "broken");
  progress(world, 2, 2);
  world.post({ type: "restart", at: world.now });
  assertEquals([world.state(), living(world)], ["stopping", [1]]);
});

Deno.test("the first time that two take part it is told whose state counts", () => {
  const world = running();
  hello(world, 1, 1, { pid: 100 });
  assertEquals(facts(world).includes("participants"), false);
  hello(world, 1, 1);
  const told = world.facts.at(-1);
  assertEquals(told?.type === "participants" && [told.generation, told.first, told.other], [
    1,
    100,
    101,
  ]);
  hello(world, 1, 2);
  hello(world, 1, 1);
  assertEquals(facts(world).filter((type) => type === "participants").length, 1);
});

Deno.test("a component that asks for more than the hook is given is told of, once", () => {
  const world = running();
  const components = [{ name: "http", timeoutMs: 5_000 }, { name: "drain", timeoutMs: 20_000 }];
  hello(world, 1, 0, { components });
  hello(world, 1, 0, { components });
  const told = world.facts.filter((fact) => fact.type === "timeout cut");
  assertEquals(
    told.map(({ component, timeoutMs, hookTimeoutMs }) => [
      component,
      timeoutMs,
      hookTimeoutMs,
    ]),
    [["drain", 20_000, 10_000]],
  );
});

Deno.test("a leader that takes no part is signaled once all that do have left", () => {
  const world = begin("leaving");
  const left = (generation: number) =>
    world.post({ type: "participants left", generation, at: world.now });
  const signaled = () => world.effects.filter(({ type }) => type === "signal").length;
  left(2);
  assertEquals(signaled(), 0);
  left(1);
  left(1);
  assertEquals([signaled(), facts(world).includes("escalated")], [1, false]);
});
