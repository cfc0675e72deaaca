import type { Cancel, Clock } from "../platform/platform.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Messenger } from "./messenger.ts";
import type { StateTransfer } from "./state_transfer.ts";

/** By then a handoff that began with the hello is over. */
const AFTER_MS = 50;

/**
 * Writes down that a generation takes part, and makes a place for its state. That may wait: a candidate's hello
 * begins the handoff, and its next one tells of components while nothing serves.
 */
export class Greetings {
  readonly #clock: Clock;
  readonly #record: Pick<RecordKeeper, "speaks">;
  readonly #transfer: Pick<StateTransfer, "tolerate">;
  readonly #messenger: Pick<Messenger, "makeRoom">;
  readonly #pending = new Map<number, Cancel>();
  readonly #greeted = new Set<number>();

  constructor(
    clock: Clock,
    record: Pick<RecordKeeper, "speaks">,
    transfer: Pick<StateTransfer, "tolerate">,
    messenger: Pick<Messenger, "makeRoom">,
  ) {
    this.#clock = clock;
    this.#record = record;
    this.#transfer = transfer;
    this.#messenger = messenger;
  }

  /** It said hello. The first time nothing waits where it is `alone`. */
  hear(generation: number, alone: boolean): void {
    this.#pending.get(generation)?.();
    const isFirst = !this.#greeted.has(generation);
    this.#greeted.add(generation);
    if (isFirst && alone) return this.#greet(generation);
    const cancel = this.#clock.after(AFTER_MS, () => {
      this.#pending.delete(generation);
      this.#greet(generation);
    });
    this.#pending.set(generation, cancel);
  }

  /** It is gone: there is nobody to do it for. */
  forget(generation: number): void {
    this.#pending.get(generation)?.();
    this.#pending.delete(generation);
    this.#greeted.delete(generation);
  }

  /** Baton ends. */
  close(): void {
    for (const generation of [...this.#greeted]) this.forget(generation);
  }

  #greet(generation: number): void {
    this.#transfer.tolerate("write down", () => this.#record.speaks(generation));
    this.#messenger.makeRoom(generation);
  }
}
