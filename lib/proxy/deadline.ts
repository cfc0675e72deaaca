import type { Cancel, Clock } from "../platform/platform.ts";

/**
 * When a connection has taken too long. Each request sets it anew, for which a timer would cost more than to read
 * the request: the one that is armed stays, and looks when it fires whether it is time.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #dueAt = Infinity;
  #firesAt = Infinity;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** In place of what was set before. */
  set(ms: number): void {
    this.#dueAt = this.#clock.now() + ms;
    if (this.#dueAt < this.#firesAt) this.#arm(ms);
  }

  clear(): void {
    this.#dueAt = Infinity;
  }

  /** Lets the timer go as well. */
  end(): void {
    this.clear();
    this.#cancel();
    this.#firesAt = Infinity;
  }

  #arm(ms: number): void {
    this.#cancel();
    this.#firesAt = this.#dueAt;
    this.#cancel = this.#clock.after(ms, () => this.#look());
  }

  #look(): void {
    this.#firesAt = Infinity;
    if (this.#dueAt === Infinity) return;
    const left = this.#dueAt - this.#clock.now();
    if (left > 0) this.#arm(left);
    else this.#onDue();
  }
}
