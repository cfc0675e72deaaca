/** Saves in quick succession, some of which leave the program broken. */
import { assertEquals } from "@std/assert";
import { QUIET_MS } from "../../lib/decide/burst.ts";
import { facts, living, progress, running } from "./play.ts";
import type { Content, World } from "./world.ts";

const NAMES: Readonly<Record<string, Content>> = {
  g: "overlapping",
  b: "broken",
  /** Dies once the one before has handed over to it. */
  d: "dies opened",
  s: "silent",
};

/** Saves what the letters say, so far apart, and lets all that comes of each happen. */
function burst(world: World, letters: string, apartMs = 1_500): void {
  for (const letter of letters) {
    world.save(NAMES[letter]!);
    world.settle();
    play(world);
    world.now += apartMs;
  }
}

function play(world: World): void {
  for (let i = 0; i < 30; i++) for (const number of living(world)) progress(world, number, 1, 5);
}

function quiet(world: World): void {
  assertEquals(world.timers.has("quiet"), true);
  world.now += QUIET_MS;
  world.fire("quiet");
  play(world);
}

const started = (world: World) => facts(world).filter((type) => type === "started").length - 1;
const told = (world: World) =>
  world.facts.filter((fact) =>
    (fact.type === "candidate failed" || fact.type === "ended") && !fact.folded
  ).length;

for (
  const letters of [
    "gddddddg",
    "ddddddgg",
    "dgdgdgdg",
    "sbbbbbbs",
    "gbbbbbbg",
    "bbbbbbgg",
    "gbgbgbgg",
    "bgbgbggg",
    "bbggbggg",
    "gbggbgbg",
  ]
) {
  Deno.test(`8 saves 1.5 s apart are 3 starts and 1 report at most: ${letters}`, () => {
    const world = running(letters.startsWith("s") ? "silent" : "overlapping");
    burst(world, letters);
    assertEquals(world.state(), "settling");
    quiet(world);
    assertEquals([world.state(), world.machine.context.lastReady! > 1], ["running", true]);
    assertEquals([started(world) <= 3, told(world) <= 1], [true, true], `${started(world)}`);
  });
}

Deno.test("a slip and its mend are tried at once, and so is what comes later", () => {
  const world = running();
  burst(world, "bg", 500);
  assertEquals([world.state(), started(world)], ["running", 2]);
  world.now += QUIET_MS;
  burst(world, "b", QUIET_MS);
  burst(world, "b", QUIET_MS);
  burst(world, "g");
  assertEquals([world.state(), started(world)], ["running", 5]);
});

Deno.test("saves that all run are all tried", () => {
  const world = running();
  burst(world, "ggggg");
  assertEquals([world.state(), started(world)], ["running", 5]);
});

Deno.test("each save of a burst makes the wait begin anew, and one that undoes it all ends it", () => {
  const world = running();
  burst(world, "gbb");
  const timers = () =>
    world.effects.filter((e) => e.type === "timer" && e.timer === "quiet").length;
  assertEquals(timers(), 1);
  burst(world, "b");
  assertEquals(timers(), 2);
  world.revert(2); // what live was started from
  world.settle();
  assertEquals([world.state(), started(world)], ["running", 2]);
});

Deno.test("nobody who asks for a restart waits, nor what was held and is released", () => {
  const world = running();
  burst(world, "gbb");
  world.post({ type: "restart", at: world.now });
  assertEquals([world.state(), started(world)], ["booting", 3]);

  for (const before of ["gb", "gbb"]) {
    const held = running();
    burst(held, before);
    held.save("overlapping");
    held.seen = held.emitted = held.version;
    const differs = new Map(held.generations.map(({ number }) => [number, ["app.py"]]));
    const about = { at: held.now, firstAt: held.now, paths: ["app.py"], differs };
    held.post({ type: "changed", ...about, released: true });
    held.post({ type: "settled", at: held.now });
    assertEquals([held.state(), started(held)], ["booting", 3], before);
  }
});

Deno.test("files that settle, and the time of live, do not end the wait; files that do not, prolong it", () => {
  const world = running();
  burst(world, "gbb");
  world.post({ type: "settled", at: world.now });
  world.post({ type: "deadline", timer: "boot 2", at: world.now });
  assertEquals(world.state(), "settling");
  world.save("overlapping");
  world.look();
  world.fire("quiet");
  assertEquals([world.state(), started(world)], ["settling", 2]);
  world.settle();
  play(world);
  assertEquals([world.state(), started(world)], ["running", 3]);
});

/** Saves that outdate a candidate which has booted for so long. */
function outdated(bootedMs: number, saves: number): World {
  const world = running();
  for (let i = 0; i < saves; i++) {
    world.save("overlapping");
    world.settle();
    for (const process of [...world.living]) {
      if (process.released) progress(world, process.number, 2);
    }
    world.now += bootedMs;
  }
  return world;
}

Deno.test("candidates that are outdated again and again wait for quiet, but for those of a formatter", () => {
  const world = outdated(1_500, 3);
  assertEquals([world.state(), started(world)], ["settling", 2]);
  quiet(world);
  assertEquals([world.state(), started(world)], ["running", 3]);
  assertEquals(started(outdated(100, 4)), 4);
});
