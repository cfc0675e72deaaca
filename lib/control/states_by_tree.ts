import type { StoredState } from "../decide/context.ts";
import { BatonError, type Explanation } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../state/store.ts";

export interface StatesByTreeSources {
  readonly settings: Pick<Settings, "fresh" | "maxAgeMs">;
  readonly store: Pick<Store, "list" | "holds">;
  /** When this baton was started, in milliseconds since 1970. */
  readonly startedAt: number;
  onTrouble(trouble: Explanation): void;
}

/** Of how many trees it is remembered which state was saved under them. */
const REMEMBERED = 1_000;

/** Knows the last state that was saved under each tree. */
export class StatesByTree {
  readonly #with: StatesByTreeSources;
  readonly #states = new Map<string, StoredState>();
  #hasLooked = false;

  constructor(sources: StatesByTreeSources) {
    this.#with = sources;
  }

  /** A state was kept, or resumed from. */
  kept(state: StoredState): void {
    const { tree } = state.envelope;
    if (tree === undefined) return;
    this.#states.delete(tree);
    this.#states.set(tree, state);
    if (this.#states.size > REMEMBERED) this.#states.delete([...this.#states.keys()][0]!);
  }

  /** The last state of this tree; null where none was saved, or where it is there no more, which is said once. */
  under(tree: string): StoredState | null {
    this.#lookForEarlier();
    const state = this.#states.get(tree) ?? null;
    if (state === null || this.#with.store.holds(state)) return state;
    this.#states.delete(tree);
    this.#with.onTrouble(cleanedUp(state));
    return null;
  }

  /** What batons before this one have kept, where it is not too old for one that was started anew. */
  #lookForEarlier(): void {
    const { settings: { fresh, maxAgeMs }, store, startedAt, onTrouble } = this.#with;
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    if (fresh) return;
    try {
      for (const reading of store.list()) {
        if (reading.found !== "good") continue;
        const { tree, savedAt } = reading.envelope;
        if (tree === undefined || this.#states.has(tree) || savedAt < startedAt - maxAgeMs) {
          continue;
        }
        this.#states.set(tree, reading);
      }
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      onTrouble(error);
    }
  }
}

/** That a state cannot be gone back to. */
export function cleanedUp({ path, envelope }: StoredState): Explanation {
  return {
    what: `The state of generation ${envelope.generation} is there no more: it was cleaned up`,
    where: path,
    next: '"baton state" lists those that are kept; "--keep" says how many',
  };
}
