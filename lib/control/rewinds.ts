import { findCandidate, findLive, type StoredState } from "../decide/context.ts";
import type { Generation } from "../decide/generation.ts";
import type { Machine } from "../decide/machine.ts";
import { BatonError } from "../errors.ts";
import type { Clock } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../state/store.ts";
import type { TreeIds } from "../watch/index/tree_ids.ts";
import { cleanedUp, type StatesByTree } from "./states_by_tree.ts";

export interface RewindSources {
  readonly mode: Settings["rewind"];
  readonly clock: Clock;
  readonly store: Pick<Store, "list" | "recall">;
  readonly states: Pick<StatesByTree, "kept" | "under">;
  readonly trees: Pick<TreeIds, "of">;
  machine(): Machine;
  /** The next generation is to resume from this state; null: from the newest again. */
  rewind(state: StoredState | null, by: "files" | "asked"): void;
  restart(): void;
  log(item: Item): void;
}

/** Who serves before whatever is spawned for a change that comes now: a takeover that has begun goes on. */
function servesBefore({ context, state }: Machine): Generation | null {
  const isLeaving = state.name === "stopping" || state.name === "leaving";
  return (isLeaving ? findCandidate(context) : null) ?? findLive(context);
}

/** Takes the state back to where the files are: each is marked with the content of the tree that it was saved under. */
export class Rewinds {
  readonly #with: RewindSources;
  #offered: StoredState | null = null;
  #expected: { readonly tree: string; readonly state: StoredState } | null = null;
  /** What the files have chosen, or somebody has asked for, last. */
  #chosen: { readonly state: StoredState; readonly by: "files" | "asked" } | null = null;

  constructor(sources: RewindSources) {
    this.#with = sources;
  }

  /** A state was kept, or resumed from. */
  kept(state: StoredState): void {
    this.#with.states.kept(state);
    const { tree } = state.envelope;
    const isNewer = tree !== undefined && this.#chosen?.by === "files" &&
      this.#chosen.state.envelope.tree === tree;
    if (isNewer) this.#choose(state, "files");
  }

  /** The files have changed, and nothing is done about it yet. */
  changed(): void {
    const { mode, states, trees, machine, log } = this.#with;
    this.#offered = null;
    const expected = this.#expected;
    this.#expected = null;
    if (expected !== null && trees.of() === expected.tree) {
      return this.#choose(expected.state, "asked");
    }
    // To name a tree takes time, which nobody is to wait for who has not asked for it.
    const tree = mode === "auto" ? trees.of() : null;
    const before = servesBefore(machine());
    const isNew = tree !== null && (before === null || trees.of(before.number) !== tree);
    const state = isNew ? states.under(tree) : null;
    this.#choose(state, "files");
    // One that was started once these files were known, and before they were told of, is for this change, too.
    const candidate = findCandidate(machine().context);
    const isFromThese = tree !== null && candidate !== null && candidate !== before &&
      trees.of(candidate.number) === tree;
    if (isFromThese) this.#with.rewind(state, "asked");
    if (state !== null) log({ type: "rewind", state, by: "files" });
  }

  /** A generation is ready: a state that was saved under its files, and is not the one that it has, is offered. */
  ready({ generation, reason, state: resumed }: ItemOf<"ready">): void {
    const { mode, clock, states, trees, log } = this.#with;
    if (mode !== "ask" || reason !== "change") return;
    clock.after(0, () => {
      const tree = trees.of(generation);
      const state = tree === null ? null : states.under(tree);
      if (state === null || state.envelope.generation === generation) return;
      if (state.path === resumed?.path) return;
      this.#offered = state;
      log({ type: "rewind", state, by: null });
    });
  }

  /**
   * The `back`-th state that is kept, the newest being 1; or (null) the one that is offered, or else the last that a good
   * version before the one that serves has saved. Throws `BatonError` where there is none.
   */
  find(back: number | null): StoredState {
    if (back === null && this.#offered !== null) return this.#offered;
    const kept = this.#with.store.list().flatMap((one) => one.found === "good" ? [one] : []);
    const live = findLive(this.#with.machine().context)?.number;
    const state = back === null
      ? kept.find(({ envelope }) => envelope.good === true && envelope.generation !== live)
      : kept[back - 1];
    if (state === undefined) throw notFound(back, kept.length);
    return state;
  }

  /** Keeps it anew, so that it is not the next to go. Throws `BatonError` where it is there no more. */
  recall(state: StoredState): StoredState {
    const reading = this.#with.store.recall(state);
    if (reading.found !== "good") throw new BatonError(cleanedUp(state));
    this.kept(reading);
    return reading;
  }

  /** Hands a state over. */
  goBack(state: StoredState): void {
    this.#choose(state, "asked");
    this.#with.log({ type: "rewind", state, by: "asked" });
    this.#with.restart();
  }

  /** The change to these files is to get this state: they are put back with it. */
  expect(tree: string, state: StoredState): void {
    this.#expected = { tree, state };
    this.#with.log({ type: "rewind", state, by: "asked" });
  }

  #choose(state: StoredState | null, by: "files" | "asked"): void {
    if (state === null && this.#chosen === null) return;
    this.#chosen = state === null ? null : { state, by };
    this.#with.rewind(state, by);
  }
}

function notFound(back: number | null, kept: number): BatonError {
  if (back === null) {
    return new BatonError({
      what: "No state is kept that was saved under these files, or by a version known to be good",
      next: '"baton state" lists those that are kept; "baton rewind N" takes the N-th of them',
    });
  }
  const are = kept === 0 ? "none is" : kept === 1 ? "1 is" : `${kept} are`;
  return new BatonError({
    what: `Cannot go back to state ${back}: ${are} kept`,
    next: kept === 0
      ? "One is kept each time that a program which keeps state is handed over"
      : 'Name one that "baton state" lists; "--keep" says how many are kept',
  });
}
