import { closeSync, openSync } from "node:fs";
import { PlatformError } from "../platform.ts";

const NO_ROOM = ["EMFILE", "ENFILE"];

/** A descriptor that is held open for when no other is left: who must know what runs can still look. */
class SpareDescriptor {
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

  #hold(): void {
    try {
      this.#descriptor = openSync("/dev/null", "r");
    } catch {
      this.#descriptor = null; // No room by now, or another system: there is none to be held.
    }
  }
}

/** One for all: what is looked at needs one at a time. Held from when the program is loaded. */
export const spareDescriptor: SpareDescriptor = new SpareDescriptor();
