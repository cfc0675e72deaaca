import { closeSync, openSync } from "node:fs";
import { PlatformError } from "../platform.ts";

const NO_ROOM = ["EMFILE", "ENFILE"];

/** A descriptor that is held open for when no other is left: who must know what runs can still look. */
export class SpareDescriptor {
  #descriptor: number | null = null;

  constructor() {
    this.#hold();
  }

  /** What `run` returns; where it finds no room for one more open file, once more with room for one. */
  use<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      const isFull = error instanceof PlatformError && NO_ROOM.includes(error.code);
      if (!isFull || this.#descriptor === null) throw error;
      closeSync(this.#descriptor);
      this.#descriptor = null;
      try {
        return run();
      } finally {
        this.#hold();
      }
    }
  }

  /** Where there is no room by now, there is none to be held. */
  #hold(): void {
    try {
      this.#descriptor = openSync("/dev/null", "r");
    } catch (error) {
      if (!NO_ROOM.includes((error as { code?: string }).code ?? "")) throw error;
    }
  }
}

let shared: SpareDescriptor | null = null;

/** One for all: what is looked at needs one at a time. */
export function spareDescriptor(): SpareDescriptor {
  return shared ??= new SpareDescriptor();
}
