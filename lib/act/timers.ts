import type { Timer } from "../decide/event.ts";
import type { Cancel, Clock } from "../platform/platform.ts";

/** How long a deadline is put off at a time. */
const HELD_MS = 250;

/** Baton itself was stopped, or its machine, where it finds a deadline past by as much. */
const STOPPED_MS = 1_000;

/** Those at whose end something is started: while that is held they are put off. */
export const STARTS: readonly Timer[] = ["backoff", "quiet"];

/** Why no time has passed for whom a deadline is: it is held, or was stopped until now. */
export type Hold = "held" | "stopped" | null;

/** Deadlines by name: setting one again begins it anew. */
export class Timers {
  readonly #clock: Clock;
  readonly #holdOf: (timer: Timer) => Hold;
  readonly #onDeadline: (timer: Timer) => void;
  readonly #running = new Map<Timer, Cancel>();

  /**
   * A deadline is put off for as long as `holdOf` says so of it, and given once more where somebody was stopped. So it
   * is where baton was (SIGSTOP, a container that is paused): what was answered meanwhile is still to be heard.
   */
  constructor(
    clock: Clock,
    holdOf: (timer: Timer) => Hold,
    onDeadline: (timer: Timer) => void,
  ) {
    this.#clock = clock;
    this.#holdOf = holdOf;
    this.#onDeadline = onDeadline;
  }

  set(timer: Timer, ms: number): void {
    this.#begin(timer, ms, () => this.#begin(timer, ms, null));
  }

  /** `beginAnew`: null where that was done. */
  #begin(timer: Timer, ms: number, beginAnew: (() => void) | null): void {
    this.cancel(timer);
    const dueAt = this.#clock.now() + ms;
    const cancel = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      const hold = this.#holdOf(timer) ?? this.#ownStop(timer, dueAt);
      if (hold === "held") this.#begin(timer, HELD_MS, beginAnew);
      else if (hold === "stopped" && beginAnew !== null) beginAnew();
      else this.#onDeadline(timer);
    });
    this.#running.set(timer, cancel);
  }

  #ownStop(timer: Timer, dueAt: number): Hold {
    const isLate = this.#clock.now() - dueAt >= STOPPED_MS;
    return isLate && !STARTS.includes(timer) ? "stopped" : null;
  }

  cancel(timer: Timer): void {
    this.#running.get(timer)?.();
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const timer of [...this.#running.keys()]) this.cancel(timer);
  }
}
