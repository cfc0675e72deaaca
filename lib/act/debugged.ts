import type { Timer } from "../decide/event.ts";
import type { Explanation } from "../errors.ts";

/** No time passes for a program that a debugger holds: all that it knows would be lost at its deadline. */
export class Debugged {
  readonly #heldOf: (generation: number) => readonly number[];
  readonly #onTrouble: (trouble: Explanation) => void;
  readonly #told = new Set<number>();

  /** `heldOf` are the processes of a generation that a debugger holds; that there are some is told once. */
  constructor(
    heldOf: (generation: number) => readonly number[],
    onTrouble: (trouble: Explanation) => void,
  ) {
    this.#heldOf = heldOf;
    this.#onTrouble = onTrouble;
  }

  /** Whether the one whose time this is can do nothing about it. */
  holds(timer: Timer): boolean {
    const [what, number] = timer.split(" ");
    const generation = Number(number);
    const held = what === "slow" ? [] : this.#heldOf(generation);
    if (held.length === 0) {
      this.#told.delete(generation);
      return false;
    }
    if (this.#told.has(generation)) return true;
    this.#told.add(generation);
    this.#onTrouble({
      what: `Generation ${generation} is held by a debugger, and is waited for`,
      where: `process ${held.join(", ")}`,
      next: "Let it go on there; Ctrl-C twice ends it as it is",
    });
    return true;
  }
}
