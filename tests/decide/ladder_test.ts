/** A change is taken by the lowest rung that the rules name and the program takes. */
import { assert, assertEquals } from "@std/assert";
import { needOf } from "../../lib/decide/rung.ts";
import {
  begin,
  doneSince,
  exit,
  facts,
  hello,
  lastReady,
  living,
  progress,
  REFUSES,
  running,
  save,
} from "./play.ts";
import { NOTIFY, RECYCLE, RELOAD, RULES, RUN, World } from "./world.ts";

const effectOf = (world: World, type: "step" | "prepare") =>
  world.effects.findLast((effect) => effect.type === type);
const lastFact = (world: World) => world.facts.at(-1)!;
const preparations = (world: World, from = 2) =>
  world.effects.filter((effect) => effect.type === "prepare" && effect.generation >= from).length;

Deno.test("the highest rung of any of the files counts, and all commands in the order of the rules", () => {
  const rules = [
    ...RULES,
    { match: "*", do: "run", commands: ["make check", "lint"] },
    { match: "*", do: "restart", commands: [] },
  ] as const;
  const ruled = new Map([["a", NOTIFY], ["b", RELOAD], ["c", RECYCLE], ["d", RUN], ["e", 4], [
    "f",
    5,
  ]]);
  const need = (...paths: string[]) => needOf(rules, paths, ruled);
  assertEquals(need("a"), { rung: "notify", commands: [] });
  assertEquals(need("a", "b").rung, "reload");
  assertEquals(need("c", "b", "a").rung, "recycle");
  assertEquals(need("a", "f").rung, "restart");
  assertEquals(need("a", "named by none").rung, "restart");
  assertEquals(need("e", "a", "d"), {
    rung: "restart",
    commands: ["make", "make check", "lint"],
  });
  assertEquals(needOf(rules, ["a"], undefined).rung, "restart");
  assertEquals(need().rung, "restart");
});

Deno.test("live is told of a data file at once, and goes on with it", () => {
  const world = running("updating", { rules: RULES });
  world.rule = NOTIFY;
  world.save("updating");
  world.look(); // not settled
  const asked = effectOf(world, "step");
  assertEquals(asked, {
    type: "step",
    generation: 1,
    participants: [0],
    step: 1,
    rung: "notify",
    paths: ["app.py"],
    deadlineMs: 9_000,
  });
  progress(world, 1);
  const fact = lastFact(world);
  assertEquals(fact.type === "updated" && [fact.rung, fact.generation, fact.changed], [
    "notify",
    1,
    ["app.py"],
  ]);
  assertEquals([world.state(), living(world), world.timers.has("step 1")], ["running", [1], false]);
  world.settle();
  assertEquals([world.state(), living(world)], ["running", [1]]);
});

Deno.test("a recycle waits for the files to settle, and its dark time is that of what serves", () => {
  const world = running("updating", { rules: RULES });
  hello(world, 1, 0, {
    capabilities: ["recycle"],
    components: [{ name: "http", timeoutMs: 1, serves: true }],
  });
  world.rule = RECYCLE;
  world.save("updating");
  world.look();
  assertEquals(world.state(), "settling");
  world.settle();
  assertEquals(world.state(), "stepping");
  const said = { generation: 1, participant: 0 };
  world.post({ type: "stopping", ...said, component: "http", at: world.now += 5 });
  world.now += 6; // and one more for its answer
  progress(world, 1);
  const fact = lastFact(world);
  assertEquals(fact.type === "updated" && fact.timings.darkMs, 7);
});

for (const rule of [NOTIFY, RELOAD, RECYCLE]) {
  const { do: rung } = RULES[rule]!;
  Deno.test(`what the program does not offer is a restart, which says so: ${rung}`, () => {
    const world = running("overlapping", { rules: RULES });
    world.rule = rule;
    save(world);
    assertEquals([world.state(), effectOf(world, "step")], ["booting", undefined]);
    progress(world, 2);
    progress(world, 1, 3);
    progress(world, 2);
    assertEquals(lastReady(world)?.refusals.map(({ rung }) => rung as string), [rung]);
    assertEquals(lastReady(world)?.generation, 2);
  });
}

Deno.test("what is refused is a restart at once, that says why and where", () => {
  const world = begin("stepping");
  progress(world, 1, 1, REFUSES);
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  assert(facts(world).includes("declined"));
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 2);
  const [refusal] = lastReady(world)!.refusals;
  assertEquals([refusal?.rung, refusal?.why, refusal?.line], ["notify", "It is not JSON", 3]);
});

Deno.test("what does not compile is a try that failed, and nothing is started for it", () => {
  const world = begin("stepping");
  const broken = {
    type: "declined",
    generation: 1,
    participant: 0,
    step: 1,
    broken: true,
  } as const;
  world.post({ ...broken, why: '"gui.py", line 4: SyntaxError', at: world.now });
  assertEquals([world.state(), living(world)], ["running", [1]]);
  const failed = facts(world).filter((type) => type === "candidate failed");
  assertEquals([failed.length, facts(world).includes("declined")], [1, false]);
  assertEquals(world.machine.context.attempted, 2);
  const both = running("updating", { rules: RULES });
  hello(both, 1, 1, { capabilities: ["notify"] });
  both.rule = NOTIFY;
  save(both, "updating");
  both.post({ ...broken, why: "no", at: both.now }); // the other may have taken it
  assertEquals([both.state(), living(both)], ["booting", [1, 2]]);
});

Deno.test("without an answer in time it is a restart", () => {
  const world = begin("stepping");
  world.fire("boot 1"); // another's
  assertEquals(world.state(), "stepping");
  world.fire("step 1");
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  world.post({ type: "done", generation: 1, participant: 0, step: 1, at: world.now }); // too late
  assertEquals(world.state(), "booting");
});

Deno.test("live whose time to be ready is over while commands run counts as ready", () => {
  const world = new World("updating", { rules: RULES });
  world.endCommands();
  progress(world, 1);
  world.rule = RUN;
  save(world, "updating");
  world.fire("boot 1");
  assertEquals([world.state(), facts(world).includes("late")], ["preparing", true]);
});

Deno.test("an answer to another request, or of somebody else, means nothing", () => {
  const world = begin("stepping");
  const said = { generation: 1, at: world.now } as const;
  world.post({ type: "done", ...said, participant: 0, step: 7 });
  world.post({ type: "declined", ...said, participant: 7, step: 1, why: "no" });
  assertEquals(world.state(), "stepping");
});

Deno.test("all that take part must have taken it, and all must offer it", () => {
  const world = running("updating", { rules: RULES });
  hello(world, 1, 1, { capabilities: ["notify"] });
  world.rule = NOTIFY;
  save(world, "updating");
  progress(world, 1);
  assertEquals(world.state(), "stepping");
  world.post({ type: "done", generation: 1, participant: 1, step: 1, at: world.now });
  assertEquals([world.state(), lastFact(world).type], ["running", "updated"]);
  hello(world, 1, 2, { capabilities: [] });
  save(world, "updating");
  assertEquals(world.state(), "booting");
});

Deno.test("one that joins meanwhile may have read the files before: it is a restart", () => {
  const world = begin("stepping");
  hello(world, 1, 1, { capabilities: ["notify"] });
  progress(world, 1);
  assertEquals([world.state(), facts(world).includes("updated")], ["booting", false]);
});

Deno.test("who leaves is not waited for; with the last one nobody is left to be asked", () => {
  const world = running("updating", { rules: RULES });
  hello(world, 1, 1, { capabilities: ["notify"] });
  world.rule = NOTIFY;
  save(world, "updating");
  progress(world, 1);
  world.post({ type: "disconnected", generation: 1, participant: 1, at: world.now });
  assertEquals([world.state(), lastFact(world).type], ["running", "updated"]);
  const alone = begin("stepping");
  world.post({ type: "disconnected", generation: 1, participant: 7, at: world.now });
  alone.hangUp(alone.living[0]!);
  assert(facts(alone).includes("declined"));
});

Deno.test("what changes meanwhile is taken next, what needs more than that does not wait", () => {
  const world = begin("stepping");
  world.save("updating");
  world.look();
  assertEquals([world.state(), effectOf(world, "step")], [
    "stepping",
    world.effects.find(({ type }) => type === "step"),
  ]);
  progress(world, 1);
  assertEquals(world.state(), "stepping");
  progress(world, 1);
  assertEquals(world.state(), "running");
  const hurried = begin("stepping");
  hurried.rule = undefined;
  save(hurried, "updating");
  assertEquals([hurried.state(), living(hurried)], ["booting", [1, 2]]);
});

Deno.test("a person who asks for a restart gets one, whatever the rules say", () => {
  const world = begin("stepping");
  world.post({ type: "restart", at: world.now });
  assertEquals([world.state(), living(world), world.timers.has("step 1")], [
    "booting",
    [1, 2],
    false,
  ]);
  const settling = running("updating", { rules: RULES });
  settling.rule = RECYCLE;
  settling.save("updating");
  settling.look();
  settling.post({ type: "restart", at: settling.now });
  assertEquals([settling.state(), living(settling)], ["booting", [1, 2]]);
  const preparing = begin("preparing");
  preparing.post({ type: "restart", at: preparing.now });
  assertEquals([preparing.state(), living(preparing), preparing.preparing], [
    "booting",
    [1, 2],
    null,
  ]);
});

for (const state of ["stepping", "preparing"] as const) {
  Deno.test(`asked to stop, live is, and nothing is waited for: ${state}`, () => {
    const world = begin(state);
    world.post({ type: "stop", by: "SIGINT", at: world.now });
    assertEquals([world.state(), world.preparing], ["stopping", null]);
  });

  Deno.test(`what the next one is to resume from is noted: ${state}`, () => {
    const world = begin(state);
    const about = { format: 1, sizeBytes: 1, sha256: "a".repeat(64), generation: 1 } as const;
    const envelope = { ...about, kind: "final", savedAt: 0, reason: "change" } as const;
    world.post({ type: "rewind", state: { path: "old", envelope }, by: "asked", at: world.now });
    assertEquals(world.machine.context.rewind?.path, "old");
  });

  Deno.test(`live that says again that it is ready goes on: ${state}`, () => {
    const world = running("updating", { rules: RULES });
    hello(world, 1, 1, { capabilities: ["notify"] });
    world.rule = state === "stepping" ? NOTIFY : RUN;
    save(world, "updating");
    world.post({ type: "ready", generation: 1, participant: 1, at: world.now });
    const { participants } = world.generations[0]!;
    assertEquals([world.state(), participants.map(({ isReady }) => isReady)], [state, [
      true,
      true,
    ]]);
  });
}

Deno.test("commands run once the files are quiet, and then the next boots", () => {
  const world = running("updating", { rules: RULES });
  world.rule = RUN;
  world.save("updating");
  world.look();
  assertEquals(world.state(), "settling");
  world.settle();
  const build = effectOf(world, "prepare");
  assertEquals(build, {
    type: "prepare",
    generation: 2,
    commands: ["make", "make check"],
    changed: ["app.py"],
  });
  assertEquals([world.state(), living(world)], ["preparing", [1]]);
  world.endCommands();
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 2);
  assertEquals(lastReady(world)?.timings.prepareMs, 1);
});

Deno.test("where a command fails live goes on, and the same files are not built again", () => {
  const world = begin("preparing");
  world.endCommands(1);
  const fact = lastFact(world);
  assertEquals(fact.type === "command failed" && [fact.generation, fact.live, fact.command], [
    2,
    1,
    "make",
  ]);
  assertEquals([world.state(), living(world)], ["running", [1]]);
  world.look();
  world.settle();
  assertEquals(preparations(world), 1);
  save(world, "updating");
  assertEquals([world.state(), preparations(world)], ["preparing", 2]);
  world.endCommands();
  assertEquals(living(world), [1, 2]);
});

Deno.test("after a build that failed the files as they were are told of", () => {
  const world = begin("preparing");
  world.endCommands(1);
  world.revert(1);
  world.settle();
  assertEquals(lastFact(world).type, "reverted");
});

Deno.test("a build that may have read half of a save is tried again", () => {
  const world = begin("preparing");
  world.endCommands(1);
  world.rewrite();
  assertEquals([world.state(), preparations(world)], ["preparing", 2]);
});

Deno.test("a newer save ends the build and begins anew; its undoing ends it", () => {
  const world = begin("preparing");
  world.save("updating");
  world.look();
  assertEquals([world.state(), world.preparing], ["settling", null]);
  world.settle();
  assertEquals([world.state(), preparations(world)], ["preparing", 2]);
  world.revert(1);
  world.look();
  assertEquals([world.state(), world.preparing], ["running", null]);
});

Deno.test("what a build writes does not end it", () => {
  const world = begin("preparing");
  world.rule = undefined;
  world.save("updating");
  world.look();
  assertEquals([world.state(), preparations(world)], ["preparing", 1]);
  world.settle();
  world.endCommands();
  assertEquals([world.state(), living(world)], ["booting", [1, 2]]);
});

Deno.test("while files are being saved the end of a build waits for them", () => {
  const world = running("exclusive", { rules: RULES });
  world.rule = RUN;
  save(world, "exclusive");
  world.rule = undefined;
  world.save("exclusive");
  world.look();
  world.endCommands();
  assertEquals(world.state(), "settling");
  world.settle();
  assertEquals([world.state(), preparations(world)], ["stopping", 1]);
});

Deno.test("live that ends while commands run is followed once they have run anew", () => {
  const world = begin("preparing");
  exit(world, 1, 1);
  assertEquals(world.preparing, null);
  world.living[0]!.exited = true;
  progress(world, 1);
  world.settle();
  assertEquals([world.state(), living(world)], ["preparing", []]);
  world.endCommands();
  assertEquals(living(world), [2]);
});

Deno.test("what was prepared for, and never started, is a change still where live ends", () => {
  for (const isEnded of [true, false]) {
    const world = begin("preparing"); // of version 2
    world.rule = isEnded ? RUN : undefined;
    world.save("updating");
    world.look();
    if (!isEnded) world.endCommands();
    exit(world, 1, 1);
    world.living[0]!.exited = true;
    world.revert(2);
    world.rule = RUN;
    progress(world, 1);
    world.settle();
    world.endCommands();
    world.settle();
    assertEquals(living(world).length, 1);
  }
});

Deno.test("what was prepared for is a change still where live ends while it is to save", () => {
  const world = running("saving in turn", { rules: RULES });
  world.rule = RUN;
  save(world, "saving in turn");
  world.endCommands();
  assertEquals(world.state(), "saving");
  exit(world, 1, 0);
  world.living[0]!.exited = true;
  progress(world, 1);
  world.settle();
  assertEquals(world.state(), "preparing");
  world.endCommands();
  assertEquals(living(world), [2]);
});

Deno.test("what is left of live while commands run is ended with them, once its last process is", () => {
  const world = begin("preparing");
  exit(world, 1, 0, 1);
  assertEquals([world.state(), world.preparing], ["preparing", 2]);
  world.living.shift();
  world.post({ type: "gone", generation: 1, left: { found: "missing" }, at: world.now });
  world.settle();
  assertEquals([world.state(), preparations(world)], ["preparing", 2]);
});

Deno.test("before the first start everything is built; where that fails a change is waited for", () => {
  const world = new World("overlapping", { rules: RULES });
  assertEquals([world.state(), living(world)], ["preparing", []]);
  world.endCommands(1);
  assertEquals([world.state(), living(world)], ["idle", []]);
  assertEquals(lastFact(world).type, "command failed");
  save(world); // named by no rule, but nothing was built yet
  assertEquals([world.state(), preparations(world, 1)], ["preparing", 2]);
  world.endCommands();
  assertEquals([living(world), world.state()], [[1], "running"]);
});

Deno.test("while the first build runs a newer save begins it anew, and a stop ends it", () => {
  const world = new World("overlapping", { rules: RULES });
  world.rule = RUN;
  save(world);
  assertEquals([world.state(), preparations(world, 1)], ["preparing", 2]);
  world.post({ type: "restart", at: world.now });
  assertEquals([world.state(), living(world), world.preparing], ["running", [1], null]);
  const stopped = new World("overlapping", { rules: RULES });
  stopped.post({ type: "stop", by: "SIGINT", at: 0 });
  assertEquals([stopped.state(), stopped.preparing], ["ended", null]);
});

Deno.test("a candidate that newer data has outdated makes way for what those ask for", () => {
  const world = running("updating", { rules: RULES });
  save(world, "updating"); // code: a candidate boots
  world.revert(1);
  world.look();
  assertEquals(world.state(), "aborting");
  world.rule = NOTIFY;
  world.save("updating");
  world.look();
  const count = world.effects.length;
  progress(world, 2, 2);
  assertEquals([world.state(), doneSince(world, count).includes("step")], ["stepping", true]);
});
