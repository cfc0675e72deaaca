import { findCandidate, findLive, type StoredState } from "../decide/context.ts";
import type { Generation } from "../decide/generation.ts";
import type { Machine } from "../decide/machine.ts";
import { BatonError } from "../errors.ts";
import type { Clock } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../state/store.ts";
import type { TreeIds } from "../watch/index/tree_ids.ts";

export interface RewindSources {
  readonly mode: Settings["rewind"];
  readonly clock: Clock;
  readonly store: Pick<Store, "list" | "holds" | "recall">;
  readonly trees: Pick<TreeIds, "of">;
  machine(): Machine;
  /** The next generation is to resume from this state; null: from the newest again. */
  rewind(state: StoredState | null, by: "files" | "asked"): void;
  restart(): void;
  log(item: Item): void;
}

/** Of how many trees it is remembered which state was saved under them. */
const REMEMBERED = 1_000;

/** Who serves before whatever is spawned for a change that comes now: a takeover that has begun goes on. */
function servesBefore({ context, state }: Machine): Generation | null {
  const isLeaving = state.name === "stopping" || state.name === "leaving";
  return (isLeaving ? findCandidate(context) : null) ?? findLive(context);
}

/** Takes the state back to where the files are: each is marked with the content of the tree that it was saved under. */
export class Rewinds {
  readonly #with: RewindSources;
  readonly #byTree = new Map<string, StoredState>();
  #offered: StoredState | null = null;
  /** What the files have chosen, or somebody has asked for, last. */
  #chosen: { readonly state: StoredState; readonly by: "files" | "asked" } | null = null;

  constructor(sources: RewindSources) {
    this.#with = sources;
  }

  /** A state was kept, or resumed from. */
  kept(state: StoredState): void {
    const { tree } = state.envelope;
    if (tree === undefined) return;
    this.#byTree.delete(tree);
    this.#byTree.set(tree, state);
    const isNewer = this.#chosen?.by === "files" && this.#chosen.state.envelope.tree === tree;
    if (isNewer) this.#choose(state, "files");
    if (this.#byTree.size > REMEMBERED) this.#byTree.delete([...this.#byTree.keys()][0]!);
  }

  /** The files have changed, and nothing is done about it yet. */
  changed(): void {
    const { mode, trees, machine, log } = this.#with;
    this.#offered = null;
    // To name a tree takes time, which nobody is to wait for who has not asked for it.
    const tree = mode === "auto" ? trees.of() : null;
    const before = servesBefore(machine());
    const isNew = tree !== null && (before === null || trees.of(before.number) !== tree);
    const state = isNew ? this.#savedUnder(tree) : null;
    this.#choose(state, "files");
    if (state !== null) log({ type: "rewind", state, by: "files" });
  }

  /** A generation is ready: a state that was saved under its files, and is not the one that it has, is offered. */
  ready({ generation, reason, state: resumed }: ItemOf<"ready">): void {
    const { mode, clock, trees, log } = this.#with;
    if (mode !== "ask" || reason !== "change") return;
    clock.after(0, () => {
      const tree = trees.of(generation);
      const state = tree === null ? null : this.#savedUnder(tree);
      if (state === null || state.envelope.generation >= generation) return;
      if (state.path === resumed?.path) return;
      this.#offered = state;
      log({ type: "rewind", state, by: null });
    });
  }

  /** Goes back to the state that is offered, or the `back`-th that is kept, the newest being 1. Throws `BatonError`. */
  rewind(back: number | null): StoredState {
    const { log, restart } = this.#with;
    const wanted = back === null ? this.#offer() : this.#keptBack(back);
    const state = this.#recall(wanted);
    this.#choose(state, "asked");
    log({ type: "rewind", state, by: "asked" });
    restart();
    return state;
  }

  /** The newest state that was saved under these files, where it is still there. */
  #savedUnder(tree: string): StoredState | null {
    const state = this.#byTree.get(tree) ?? null;
    if (state === null || this.#with.store.holds(state)) return state;
    this.#byTree.delete(tree);
    return null;
  }

  #choose(state: StoredState | null, by: "files" | "asked"): void {
    if (state === null && this.#chosen === null) return;
    this.#chosen = state === null ? null : { state, by };
    this.#with.rewind(state, by);
  }

  #offer(): StoredState {
    if (this.#offered !== null) return this.#offered;
    throw new BatonError({
      what: "No state is kept that was saved under the files as they are",
      next: '"baton state" lists those that are kept; "baton rewind N" takes the N-th of them',
    });
  }

  #keptBack(back: number): StoredState {
    const good = this.#with.store.list().flatMap((one) => one.found === "good" ? [one] : []);
    const state = good[back - 1];
    if (state !== undefined) return state;
    throw new BatonError({
      what: `Cannot go back to state ${back}: ${good.length} are kept`,
      next: 'Name one that "baton state" lists; "--keep" says how many are kept',
    });
  }

  #recall(state: StoredState): StoredState {
    const reading = this.#with.store.recall(state);
    if (reading.found === "good") {
      this.kept(reading);
      return reading;
    }
    throw new BatonError({
      what: `The state of generation ${state.envelope.generation} is there no more`,
      where: state.path,
      next: 'It was cleaned up: "baton state" lists those that are kept, "--keep" says how many',
    });
  }
}
