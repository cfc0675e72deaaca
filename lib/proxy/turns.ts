import type { Clock } from "../platform/platform.ts";

/**
 * So many requests are passed on at once. Of more than 128 operations that are ready in one turn of its loop Deno goes
 * on with the newest first (seen in 2.5 and 2.9): of many clients that keep their connection single ones would wait
 * for as long as the others ask. Who waits here waits in the order of coming.
 */
export const MOST_AT_ONCE = 32;
/** Who takes longer waits for the program, or for its client, and is no reason for others to wait. */
export const LONG_MS = 100;

/** Lets requests begin one after the other where many come. */
export class Turns {
  readonly #clock: Clock;
  /** When those began that count, the oldest first. */
  readonly #begun = new Set<{ readonly at: number }>();
  readonly #waiting: (() => void)[] = [];
  #isLooking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the turn of one more; null: it is at once. */
  next(): Promise<void> | null {
    if (this.#begun.size < MOST_AT_ONCE && this.#waiting.length === 0) return null;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#arm();
    });
  }

  /** One begins `at` this time; what is returned tells that it has ended. */
  begin(at: number): () => void {
    const begun = { at };
    this.#begun.add(begun);
    return () => {
      if (this.#begun.delete(begun)) this.#waiting.shift()?.();
    };
  }

  #arm(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(LONG_MS, () => this.#look());
  }

  #look(): void {
    this.#isLooking = false;
    const before = this.#clock.now() - LONG_MS;
    let long = 0;
    for (const begun of this.#begun) {
      if (begun.at > before) break;
      this.#begun.delete(begun);
      long += 1;
    }
    // The more of them take long, the more begin: it is the program that is slow.
    const free = Math.max(0, MOST_AT_ONCE - this.#begun.size) + long;
    for (const wake of this.#waiting.splice(0, free)) wake();
    if (this.#waiting.length > 0) this.#arm();
  }
}
