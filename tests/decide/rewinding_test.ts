/** A generation that resumes from another state than the newest. */
import { assertEquals } from "@std/assert";
import type { StoredState } from "../../lib/decide/context.ts";
import { BEGIN, begin, type Begun, exit, lastReady, progress, running, save } from "./play.ts";
import type { World } from "./world.ts";

const EARLIER: StoredState = {
  path: "earlier",
  envelope: {
    ...{ format: 1, sizeBytes: 1, sha256: "c".repeat(64), generation: 1 },
    ...{ kind: "final", savedAt: 0, reason: "change" },
  },
};

const LATER: StoredState = { ...EARLIER, path: "later" };

function rewind(
  world: World,
  state: StoredState | null = EARLIER,
  by: "files" | "asked" = "files",
): void {
  world.post({ type: "rewind", state, by, at: world.now });
}

const chosen = (world: World) => world.machine.context.rewind?.path ?? null;

for (const state of [...Object.keys(BEGIN) as Begun[], "idle"] as const) {
  Deno.test(`the state to go back to is noted, and may be taken back: ${state}`, () => {
    const world = state === "idle" ? running("silent") : begin(state);
    if (state === "idle") {
      exit(world, 1, 1);
      world.living[0]!.exited = true;
      progress(world, 1);
    }
    assertEquals(world.state(), state);
    rewind(world);
    assertEquals([world.state(), chosen(world)], [state, "earlier"]);
    rewind(world, null);
    assertEquals([world.state(), chosen(world)], [state, null]);
  });
}

Deno.test("the next generation gets it, whatever live has saved, and the one after what that saved", () => {
  const world = running();
  save(world);
  rewind(world, EARLIER, "asked");
  progress(world, 2);
  progress(world, 1, 3);
  progress(world, 2, 2);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.state?.path], [2, "earlier"]);
  assertEquals(chosen(world), null);
  save(world);
  progress(world, 3);
  progress(world, 2, 3);
  progress(world, 3, 2);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.state?.path], [3, "state-2"]);
});

Deno.test("in sequence, too", () => {
  const world = running("exclusive");
  rewind(world);
  save(world, "exclusive");
  progress(world, 1, 3);
  progress(world, 2, 3);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.state?.path], [2, "earlier"]);
});

Deno.test("what the files have chosen for a later one is not for the one on its way", () => {
  const world = running();
  rewind(world, EARLIER);
  save(world);
  progress(world, 2); // At its barrier: live is asked.
  rewind(world, LATER);
  progress(world, 1, 3);
  progress(world, 2, 2);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.state?.path], [2, "earlier"]);
  assertEquals(chosen(world), "later");
  save(world);
  progress(world, 3);
  progress(world, 2, 3);
  progress(world, 3, 2);
  assertEquals([lastReady(world)?.generation, lastReady(world)?.state?.path], [3, "later"]);
  assertEquals(chosen(world), null);
});

Deno.test("what is laid out ahead for a candidate is what it will be given", () => {
  const world = running();
  rewind(world, EARLIER);
  save(world);
  progress(world, 2);
  progress(world, 1);
  const laid = world.effects.flatMap((effect) => effect.type === "lay out" ? [effect] : []);
  assertEquals(laid.map(({ state }) => state?.path), ["earlier"]);
});
