import type { Item, ItemOf } from "../report/item.ts";

/** The last version that did not come up, or that ended. */
export type Failure = ItemOf<"candidate failed"> | ItemOf<"ended"> | ItemOf<"spawn failed">;

/** What baton knows of the program, and tells whoever looks at a page. */
export class Known {
  readonly #listeners = new Set<(item: Item) => void>();
  #failure: Failure | null = null;
  #serving: ItemOf<"ready"> | null = null;

  /** What went wrong since the last version came up; null where nothing did. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** How the version that came up last did so; it may have ended since. */
  get serving(): ItemOf<"ready"> | null {
    return this.#serving;
  }

  /** Everything that baton tells, as it tells it. */
  note(item: Item): void {
    if (item.type === "ready") [this.#serving, this.#failure] = [item, null];
    else if (item.type === "reverted") this.#failure = null;
    else if (["candidate failed", "ended", "spawn failed"].includes(item.type)) {
      this.#failure = item as Failure;
    }
    for (const listener of [...this.#listeners]) listener(item);
  }

  /** Calls `listener` with everything that is told from now on, until what is returned is called. */
  listen(listener: (item: Item) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
