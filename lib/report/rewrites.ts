import type { Item, ItemOf } from "./item.ts";

const IN_A_ROW = 5;
const WITHIN_MS = 1_000;

/** Notices a file that changes right after each start: the program may write it itself. */
export class Rewrites {
  #readyAt = -Infinity;
  #paths: readonly string[] = [];
  #count = 0;

  /** A warning at the fifth such restart in a row, else null. */
  note(item: Item): ItemOf<"warning"> | null {
    if (item.type !== "ready") return null;
    const { changed: changedAt = Infinity, ready: readyAt = 0 } = item.marks;
    const isSoon = changedAt - this.#readyAt <= WITHIN_MS;
    const again = isSoon ? item.changed.filter((path) => this.#paths.includes(path)) : [];
    this.#count = again.length > 0 ? this.#count + 1 : 1;
    this.#paths = again.length > 0 ? again : item.changed;
    this.#readyAt = readyAt;
    if (this.#count !== IN_A_ROW) return null;
    const [path] = this.#paths;
    return {
      type: "warning",
      what: `The last ${IN_A_ROW} restarts came right after a start, each for "${path}"`,
      next: `If the program writes it itself, leave it out with --ignore "${path}"`,
    };
  }
}
