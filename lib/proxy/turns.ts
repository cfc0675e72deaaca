import type { Clock } from "../platform/platform.ts";

/**
 * So many requests are under way as they come, and so many more begin in one turn of the event loop. Of more than 128
 * operations that are ready in one turn Deno goes on with the newest first (seen in 2.5 and 2.9): of many clients that
 * keep their connection single ones would wait for as long as the others ask. Who waits here waits in the order of
 * coming, and for baton alone: where the program is slow each turn is short, and all begin.
 */
export const MOST_AT_ONCE = 32;

/** Lets requests begin one after the other where more come than baton can pass on. */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  /** How many have begun in this turn of the event loop beyond those that are under way as they come. */
  #begun = 0;
  #isArmed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the turn of one more; null: it is at once. */
  next(): Promise<void> | null {
    const isFree = this.#underWay < MOST_AT_ONCE || this.#begun < MOST_AT_ONCE;
    if (isFree && this.#waiting.length === 0) return null;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** One begins; what is returned tells that it has ended. */
  begin(): () => void {
    this.#underWay += 1;
    if (this.#underWay > MOST_AT_ONCE) {
      this.#begun += 1;
      this.#arm();
    }
    let isUnderWay = true;
    return () => {
      if (!isUnderWay) return;
      isUnderWay = false;
      this.#underWay -= 1;
      if (this.#underWay < MOST_AT_ONCE) this.#waiting.shift()?.();
    };
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#clock.after(0, () => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    this.#begun = 0;
    for (const wake of this.#waiting.splice(0, MOST_AT_ONCE)) wake();
    if (this.#waiting.length > 0) this.#arm();
  }
}
