import type { Cancel, Clock } from "../platform/platform.ts";

/** One thing at a time that is done later, and put off for as long as it is not quiet. */
export class QuietTimer {
  readonly #clock: Clock;
  readonly #quietMs: number;
  #due: { readonly run: () => void; readonly cancel: Cancel } | null = null;

  constructor(clock: Clock, quietMs: number) {
    this.#clock = clock;
    this.#quietMs = quietMs;
  }

  /** Calls `run` after `ms`, in place of what was to be called. */
  after(ms: number, run: () => void): void {
    this.cancel();
    const cancel = this.#clock.after(ms, () => {
      this.#due = null;
      run();
    });
    this.#due = { run, cancel };
  }

  /** It is not quiet now. */
  putOff(): void {
    if (this.#due !== null) this.after(this.#quietMs, this.#due.run);
  }

  cancel(): void {
    this.#due?.cancel();
    this.#due = null;
  }
}
