import type { Cancel, Clock } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";

/** A version that was ready has to live for so long, without an edit that fails, before it counts as good. */
export const GOOD_MS = 5_000;
/** Of one that ends it is asked when the next may be ready already. */
const REMEMBERED = 3;

/**
 * Tells which generations are worth going back to: each was ready, and lived on for a while in which no edit failed.
 * What an agent leaves for a moment between two edits is none of them, though it runs.
 */
export class GoodVersions {
  readonly #clock: Clock;
  readonly #good: number[] = [];
  #newest = 0;
  #cancel: Cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(item: Item): void {
    if (item.type === "candidate failed" || item.type === "ended") this.#cancel();
    if (item.type !== "ready" || item.generation <= this.#newest) return;
    const { generation } = item;
    this.#newest = generation;
    this.#cancel();
    this.#cancel = this.#clock.after(GOOD_MS, () => {
      this.#good.push(generation);
      if (this.#good.length > REMEMBERED) this.#good.shift();
    });
  }

  isGood(generation: number): boolean {
    return this.#good.includes(generation);
  }

  close(): void {
    this.#cancel();
  }
}
