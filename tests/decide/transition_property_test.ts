import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findLive } from "../../lib/decide/context.ts";
import { happen } from "./chance.ts";
import { CONTENTS, RULES, World } from "./world.ts";

/** Lets everything come to rest; nothing new happens. */
function quiet(world: World): void {
  for (let round = 0; round < 1_000; round++) {
    world.settle();
    world.endCommands();
    const moved = [...world.living].some((process) => world.progress(process, 4));
    if (moved || !world.settled) continue;
    const timer = [...world.timers][0];
    if (timer === undefined) return;
    world.fire(timer);
  }
  throw new Error(`Never came to rest: ${world.state()}`);
}

const steps = fc.array(fc.tuple(fc.nat(12), fc.nat(1_000)), { maxLength: 120, size: "max" });
const proxy = { kind: "tcp", host: "127.0.0.1", port: 8_000 } as const;
const proxied = fc.constantFrom(null, proxy);
const ruled = fc.constantFrom([], RULES);
const first = fc.constantFrom(...CONTENTS.filter((content) => content !== "cannot start"));

Deno.test("whatever happens, no third generation lives and no change is lost", () => {
  fc.assert(
    fc.property(first, steps, fc.constantFrom("auto", "sequential", "overlapped"), proxied, ruled, (
      content,
      happenings,
      handoff,
      proxy,
      rules,
    ) => {
      const world = new World(content, { handoff, proxy, rules });
      world.endCommands(); // the first, without which nothing is there
      for (const happening of happenings) happen(world, happening);
      quiet(world);
      assert(world.quit === null);
      const said = (type: string) =>
        world.facts.flatMap((fact) =>
          fact.type === type && "generation" in fact ? [fact.generation] : []
        );
      for (const generation of said("spawn failed")) {
        assert(!said("ready").includes(generation), `${generation} never ran, and was said to`);
      }
      const { attempted, failed: tried } = world.machine.context;
      const refused = tried !== null && world.facts.some(({ type }) => type === "handoff refused");
      const tells = `the newest files were not tried: ${world.state()}`;
      if (!refused) assertEquals(world.spawnedFrom.get(attempted ?? 0), world.version, tells);
      const ended = [
        ...said("ended"),
        ...said("spawn failed"),
        ...said("candidate failed"),
        ...said("command failed"),
      ];
      if (world.state() === "idle") {
        assert(ended.includes(attempted ?? 0), "nothing runs, and nothing ended");
      }
      const runs = world.generations.map(({ number }) => world.spawnedFrom.get(number));
      // One that is silent cannot take over from one that speaks: it never reaches the barrier.
      const serves = world.content === "overlapping" || world.content === "exclusive";
      const failed = world.facts.some((fact) =>
        (fact.type === "candidate failed" || fact.type === "command failed") &&
        world.spawnedFrom.get(fact.generation) === world.version
      );
      if (serves && !failed && !refused && world.state() !== "idle") {
        assertEquals(runs, [world.version]);
      }
      const live = findLive(world.machine.context);
      if (proxy !== null && world.state() === "running" && live?.readyAt) {
        assertEquals(world.route, live.number, "requests go elsewhere");
      }
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("asked to stop, it ends with nothing left, whatever was going on", () => {
  fc.assert(
    fc.property(first, steps, proxied, ruled, (content, happenings, proxy, rules) => {
      const world = new World(content, { proxy, rules });
      world.endCommands(); // the first, without which nothing is there
      for (const happening of happenings) happen(world, happening);
      world.post({ type: "stop", by: "SIGINT", at: world.now });
      quiet(world);
      assertEquals([world.state(), world.quit, world.living], ["ended", 0, []]);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("a broken edit never takes the live generation down", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 60 }), (chances) => {
      const world = new World("overlapping");
      quiet(world);
      const live = world.generations[0]!.number;
      for (const chance of chances) {
        if (chance % 3 === 0) world.save("broken");
        if (chance % 5 === 0) world.settle();
        for (const process of [...world.living]) {
          if (process.number !== live || chance % 2 === 0) world.progress(process, chance);
        }
      }
      quiet(world);
      assertEquals(world.generations.map(({ number }) => number), [live]);
    }),
    { numRuns: 1_000 },
  );
});
