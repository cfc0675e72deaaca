import type { Saved } from "../decide/event.ts";
import type { Cancel, Clock } from "../platform/platform.ts";
import type { Reading } from "../state/envelope.ts";

/** By when a checkpoint that overtook another is said to be saved. */
const OVERTAKEN_MS = 500;

/** Reads back what a program says that it has saved, and says what was found. */
export class ReadBack {
  readonly #read: (claim: Saved) => Reading;
  readonly #clock: Clock;
  readonly #onReading: (claim: Saved, reading: Reading) => void;
  /** A checkpoint that is not what was claimed: the next one may be there already, and is about to be said. */
  #overtaken: Cancel | null = null;

  constructor(
    read: (claim: Saved) => Reading,
    clock: Clock,
    onReading: (claim: Saved, reading: Reading) => void,
  ) {
    this.#read = read;
    this.#clock = clock;
    this.#onReading = onReading;
  }

  check(claim: Saved): void {
    this.cancel();
    const reading = this.#read(claim);
    const report = () => this.#onReading(claim, reading);
    if (claim.kind === "checkpoint" && reading.found !== "good") {
      this.#overtaken = this.#clock.after(OVERTAKEN_MS, report);
    } else report();
  }

  /** Says nothing of what is waited for still. */
  cancel(): void {
    this.#overtaken?.();
    this.#overtaken = null;
  }
}
