import type { StoredState } from "../decide/context.ts";
import type { Cancel, Clock } from "../platform/platform.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { StateTransfer } from "./state_transfer.ts";

/** The longest the disk is let wait for what is known already. */
const DELAY_MS = 50;

/** What the disk is needed for and nobody waits for yet: done a little later, off the hot path. */
export class WriteBehind {
  readonly #transfer: StateTransfer;
  readonly #record: Pick<RecordKeeper, "gone">;
  readonly #clock: Clock;
  /** The oldest generation alive. */
  readonly #oldest: () => number;
  /** Gone, but named in the record still. */
  readonly #gone: number[] = [];
  #due: Cancel | null = null;
  /** Lays out a state that is yet to be. */
  #layOut: (() => void) | null = null;

  constructor(
    transfer: StateTransfer,
    record: Pick<RecordKeeper, "gone">,
    clock: Clock,
    oldest: () => number,
  ) {
    this.#transfer = transfer;
    this.#record = record;
    this.#clock = clock;
    this.#oldest = oldest;
  }

  /** Lays a state out after whoever was sent something just now: it may wait for this processor. */
  layOutSoon(generation: number, state: StoredState | null): void {
    const cancel = this.#clock.after(0, () => this.layOutNow());
    this.#layOut = () => {
      cancel();
      this.#transfer.layOut(generation, state);
    };
  }

  layOutNow(): void {
    this.#layOut?.();
    this.#layOut = null;
  }

  /** The record is to forget a generation. */
  bury(generation: number): void {
    this.#gone.push(generation);
    this.soon();
  }

  /** A state was taken. */
  soon(): void {
    this.#due ??= this.#clock.after(DELAY_MS, () => this.now());
  }

  now(): void {
    this.#due?.();
    this.#due = null;
    this.#transfer.flush(this.#oldest());
    for (const generation of this.#gone.splice(0)) {
      this.#transfer.tolerate("write down", () => this.#record.gone(generation));
    }
  }
}
