import type { Timer } from "../decide/event.ts";
import type { Cancel, Clock } from "../platform/platform.ts";

/** How long a deadline is put off at a time. */
const HELD_MS = 250;

/** Those at whose end something is started: while that is held they are put off. */
export const STARTS: readonly Timer[] = ["backoff", "quiet"];

/** Deadlines by name: setting one again begins it anew. */
export class Timers {
  readonly #clock: Clock;
  readonly #isHeld: (timer: Timer) => boolean;
  readonly #onDeadline: (timer: Timer) => void;
  readonly #running = new Map<Timer, Cancel>();

  /** A deadline is put off for as long as `isHeld` says so of it. */
  constructor(
    clock: Clock,
    isHeld: (timer: Timer) => boolean,
    onDeadline: (timer: Timer) => void,
  ) {
    this.#clock = clock;
    this.#isHeld = isHeld;
    this.#onDeadline = onDeadline;
  }

  set(timer: Timer, ms: number): void {
    this.cancel(timer);
    const cancel = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      if (this.#isHeld(timer)) this.set(timer, HELD_MS);
      else this.#onDeadline(timer);
    });
    this.#running.set(timer, cancel);
  }

  cancel(timer: Timer): void {
    this.#running.get(timer)?.();
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const timer of [...this.#running.keys()]) this.cancel(timer);
  }
}
