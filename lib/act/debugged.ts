import type { Timer } from "../decide/event.ts";
import type { Explanation } from "../errors.ts";
import type { Woken } from "../platform/platform.ts";
import type { Hold } from "./timers.ts";

const NOBODY: Woken = { woken: [], held: [] };

/** No time passes for a program that a debugger holds, or a signal has stopped: all that it knows would be lost. */
export class Debugged {
  readonly #wake: (generation: number) => Woken | undefined;
  readonly #onTrouble: (trouble: Explanation) => void;
  readonly #told = new Set<number>();

  /** `wake` wakes whom it can of a generation; that a debugger holds one is told once. */
  constructor(
    wake: (generation: number) => Woken | undefined,
    onTrouble: (trouble: Explanation) => void,
  ) {
    this.#wake = wake;
    this.#onTrouble = onTrouble;
  }

  /** Whether the one whose time this is can do nothing about it, or could not until now. */
  holdOf(timer: Timer): Hold {
    const [what, number] = timer.split(" ");
    const generation = Number(number);
    const { woken, held } = (what === "slow" ? undefined : this.#wake(generation)) ?? NOBODY;
    if (held.length === 0) {
      this.#told.delete(generation);
      return woken.length > 0 ? "stopped" : null;
    }
    if (this.#told.has(generation)) return "held";
    this.#told.add(generation);
    this.#onTrouble({
      what: `Generation ${generation} is held by a debugger, and is waited for`,
      where: `process ${held.join(", ")}`,
      next: "Let it go on there; Ctrl-C twice ends it as it is",
    });
    return "held";
  }
}
