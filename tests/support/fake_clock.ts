import type { Cancel, Clock } from "../../lib/platform/platform.ts";

/** A clock that stands still until it is advanced. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(readonly startedAt: number = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return this.startedAt + this.#nowMs;
  }

  after(ms: number, run: () => void): Cancel {
    const timer = { at: this.#nowMs + Math.max(0, ms), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers are still to fire. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass in which nothing of this process runs: what falls due fires afterwards. */
  sleep(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#nowMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }

  /** Lets time pass: fires what falls due, each at its own time, those due together in the order set. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => timer.at < first.at ? timer : first);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = next.at;
      next.run();
    }
    this.#nowMs = end;
  }
}
