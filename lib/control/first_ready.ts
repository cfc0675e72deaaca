import type { Cancel, Clock } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";

/** A program that says nothing counts as ready once it has lived for so long. */
export const ALIVE_MS = 1_000;

/** Tells of each generation once that it is ready: when it says so, or has lived for a while. */
export class FirstReady {
  readonly #clock: Clock;
  readonly #onReady: (ready: ItemOf<"ready">) => void;
  #told = 0;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, onReady: (ready: ItemOf<"ready">) => void) {
    this.#clock = clock;
    this.#onReady = onReady;
  }

  note(item: Item): void {
    if (item.type === "ended" || item.type === "stopping") this.#cancel();
    if (item.type !== "ready" || item.generation <= this.#told) return;
    this.#cancel();
    if (item.announced) this.#tell(item);
    else this.#cancel = this.#clock.after(ALIVE_MS, () => this.#tell(item));
  }

  close(): void {
    this.#cancel();
  }

  #tell(item: ItemOf<"ready">): void {
    this.#told = item.generation;
    this.#onReady(item);
  }
}
