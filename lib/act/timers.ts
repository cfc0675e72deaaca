import type { Timer } from "../decide/event.ts";
import type { Cancel, Clock } from "../platform/platform.ts";

/** Deadlines by name: setting one again begins it anew. */
export class Timers {
  readonly #clock: Clock;
  readonly #onDeadline: (timer: Timer) => void;
  readonly #running = new Map<Timer, Cancel>();

  constructor(clock: Clock, onDeadline: (timer: Timer) => void) {
    this.#clock = clock;
    this.#onDeadline = onDeadline;
  }

  set(timer: Timer, ms: number): void {
    this.cancel(timer);
    const cancel = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      this.#onDeadline(timer);
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
