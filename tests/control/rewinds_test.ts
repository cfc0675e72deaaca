import { assertEquals, assertThrows } from "@std/assert";
import { Rewinds } from "../../lib/control/rewinds.ts";
import { StatesByTree } from "../../lib/control/states_by_tree.ts";
import { findCandidate, type StoredState } from "../../lib/decide/context.ts";
import { BatonError } from "../../lib/errors.ts";
import type { Store } from "../../lib/state/store.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { begin, running } from "../decide/play.ts";
import type { World } from "../decide/world.ts";
import { FakeClock } from "../support/fake_clock.ts";

function stateOf(
  generation: number,
  tree: string,
  more: Partial<StoredState["envelope"]> = {},
): StoredState {
  const about = { format: 1, sizeBytes: 1, sha256: "a".repeat(64), kind: "final" } as const;
  return {
    path: `${generation}`,
    envelope: { ...about, generation, savedAt: 9_000, reason: "x", tree, ...more },
  };
}

/** Files that hold what a letter stands for, and generations that were started from such. */
class Scene {
  readonly clock = new FakeClock();
  disk = "a";
  readonly started = new Map<number, string>();
  readonly gone = new Set<string>();
  readonly kept: StoredState[] = [];
  readonly said: string[] = [];
  readonly rewinds: Rewinds;

  constructor(mode: "ask" | "auto" | "off", readonly world: World = running()) {
    const store: Pick<Store, "list" | "holds" | "recall"> = {
      list: () => this.kept.map((state) => ({ found: "good", ...state })),
      holds: ({ path }) => !this.gone.has(path),
      recall: (state) =>
        this.gone.has(state.path) ? { found: "missing" } : { found: "good", ...state },
    };
    this.rewinds = new Rewinds({
      mode,
      clock: this.clock,
      store,
      states: new StatesByTree({
        settings: { fresh: false, maxAgeMs: 1_000 },
        store,
        startedAt: 5_000,
        onTrouble: ({ what }) => void this.said.push(what),
      }),
      trees: {
        of: (name) => name === undefined ? this.disk : this.started.get(Number(name)) ?? null,
      },
      machine: () => this.world.machine,
      rewind: (state, by) => {
        const candidate = by === "asked" && mode === "auto"
          ? findCandidate(world.machine.context)
          : null;
        const whom = candidate === null ? "" : ` (${candidate.number})`;
        this.said.push(`${state === null ? "as ever" : `takes ${state.path}`}${whom}`);
      },
      restart: () => void this.said.push("restarts"),
      log: (item) => {
        if (item.type === "rewind") this.said.push(`${item.by ?? "offers"} ${item.state.path}`);
      },
    });
    this.started.set(1, "a");
  }

  keep(generation: number, tree: string): void {
    const state = stateOf(generation, tree);
    this.kept.unshift(state);
    this.rewinds.kept(state);
  }

  ready(generation: number, tree: string, resumed: string): void {
    this.started.set(generation, tree);
    const state = { ...stateOf(generation - 1, ""), path: resumed };
    this.rewinds.ready({ ...LOG_EXAMPLES["ready"], generation, reason: "change", state });
    this.clock.advance(0);
  }

  goBack(back: number | null): StoredState {
    const state = this.rewinds.recall(this.rewinds.find(back));
    this.rewinds.goBack(state);
    return state;
  }

  take(): string[] {
    return this.said.splice(0);
  }
}

Deno.test("a state that was saved under the files that run is offered, once they run", () => {
  const scene = new Scene("ask");
  scene.keep(1, "a");
  scene.keep(2, "b");
  scene.rewinds.changed();
  assertEquals(scene.take(), []);
  scene.ready(3, "a", "2");
  assertEquals(scene.take(), ["offers 1"]);
  assertEquals(scene.goBack(null).path, "1");
  assertEquals(scene.take(), ["takes 1", "asked 1", "restarts"]);
  scene.rewinds.changed();
  assertThrows(
    () => scene.goBack(null),
    BatonError,
    "No state is kept that was saved under these files, or by a version known to be good",
  );
});

Deno.test("nothing is offered that the generation has resumed from, saved itself, or that is gone", () => {
  const scene = new Scene("ask");
  scene.keep(1, "a");
  scene.ready(2, "a", "1");
  scene.keep(3, "b");
  scene.ready(3, "b", "1");
  scene.ready(4, "c", "3");
  scene.gone.add("1");
  assertEquals(scene.take(), []);
  scene.ready(5, "a", "3");
  scene.ready(6, "a", "3");
  assertEquals(scene.take(), ["The state of generation 1 is there no more: it was cleaned up"]);
});

Deno.test("auto: the state goes back with the files, and not for what runs already", () => {
  const scene = new Scene("auto");
  scene.keep(1, "a");
  scene.keep(2, "b");
  scene.rewinds.changed();
  assertEquals(scene.take(), []);
  scene.disk = "b";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["takes 2", "files 2"]);
  scene.disk = "c";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["as ever"]);
});

Deno.test("the N-th that is kept is taken; what is not there, or was cleaned up, is an error", () => {
  const scene = new Scene("off");
  assertThrows(() => scene.goBack(1), BatonError, "Cannot go back to state 1: none is kept");
  scene.keep(1, "a");
  scene.keep(2, "b");
  scene.disk = "b";
  scene.rewinds.changed();
  scene.ready(3, "a", "2");
  assertEquals(scene.take(), []);
  assertEquals(scene.goBack(2).path, "1");
  assertThrows(() => scene.goBack(3), BatonError, "Cannot go back to state 3: 2 are kept");
  scene.gone.add("2");
  const error = assertThrows(() => scene.goBack(1), BatonError, "is there no more");
  assertEquals(error.next?.includes('"--keep" says how many'), true);
});

Deno.test("auto: a takeover that has begun goes on, so that what comes after it comes from there", () => {
  const scene = new Scene("auto", begin("stopping")); // Generation 1 hands over to 2.
  scene.started.set(2, "b");
  scene.keep(1, "a");
  scene.rewinds.changed();
  assertEquals(scene.take(), ["takes 1", "files 1"]);
  scene.keep(3, "a"); // It has saved once more meanwhile.
  assertEquals(scene.take(), ["takes 3"]);
  scene.disk = "b";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["as ever"]);
});

Deno.test("auto: one that was started from files before they were told of gets their state, or none", () => {
  const scene = new Scene("auto", begin("booting")); // Generation 2 boots beside 1.
  scene.started.set(2, "b");
  scene.keep(9, "b");
  scene.disk = "b";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["takes 9", "takes 9 (2)", "files 9"]);
  scene.started.set(2, "c");
  scene.disk = "c";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["as ever", "as ever (2)"]);
  scene.disk = "b";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["takes 9", "files 9"]); // It is outdated.
});

Deno.test("without a number the last state of a good version is taken, the newest first, unless one is offered", () => {
  const scene = new Scene("ask");
  scene.kept.push(
    stateOf(4, "d"),
    stateOf(1, "e", { good: true }), // A checkpoint of the one that serves.
    stateOf(3, "c", { good: true }),
    stateOf(2, "b", { good: true }),
  );
  assertEquals(scene.goBack(null).path, "3");
  scene.keep(1, "a");
  scene.ready(6, "a", "3");
  assertEquals(scene.goBack(null).path, "1");
});

Deno.test("what batons before have kept is offered, unless it is too old for a new one", () => {
  const scene = new Scene("ask");
  scene.kept.push(
    stateOf(9, "a", { savedAt: 4_500 }),
    stateOf(8, "a", { savedAt: 4_400 }),
    stateOf(7, "b", { savedAt: 3_999 }),
  );
  scene.ready(2, "a", "x");
  assertEquals(scene.take(), ["offers 9"]);
  scene.ready(3, "b", "x");
  assertEquals(scene.take(), []);
});

Deno.test("what is put back with files gets its state, and what else changes does not", () => {
  const scene = new Scene("auto");
  const state = stateOf(1, "a");
  scene.rewinds.expect("z", state);
  scene.disk = "z";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["asked 1", "takes 1"]);
  scene.rewinds.expect("z", state);
  scene.disk = "y";
  scene.rewinds.changed();
  scene.disk = "z";
  scene.rewinds.changed();
  assertEquals(scene.take(), ["asked 1", "as ever"]);
});
