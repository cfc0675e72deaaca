import type { Explanation } from "../errors.ts";
import type { Clock } from "../platform/platform.ts";

/** After so many builds in a row that one file has ended, as long after they began, it is tried whether they write it. */
const SUSPECTED = 2;
/** The next one begins this much later: who saves every second does so meanwhile, or sooner after it began. */
const TRIAL_MS = 1_500;
/** How much a command's write comes earlier or later from one time to the next. */
const WITHIN_MS = 100;
const WITHIN_SHARE = 0.25;

interface Streak {
  /** How long after the command began. */
  readonly afterMs: number;
  readonly count: number;
}

/**
 * Finds out which files the commands of a rule write themselves, though rules name them: each build would be begun
 * anew for its own output, for ever. Nothing tells who wrote a file that was closed again. So one that changes in each
 * build, as long after it began, even where that was later than it could have been, is what the build writes. At any
 * other time a change of it is a save.
 */
export class CommandOutputs {
  readonly #clock: Pick<Clock, "now">;
  readonly #onTrouble: (trouble: Explanation) => void;
  #beganAt: number | null = null;
  readonly #streaks = new Map<string, Streak>();
  /** How long after it began the command writes each file. */
  readonly #found = new Map<string, number>();
  /** Those that were written by the build that runs, or by the last one. */
  readonly #written = new Set<string>();

  constructor(clock: Pick<Clock, "now">, onTrouble: (trouble: Explanation) => void) {
    this.#clock = clock;
    this.#onTrouble = onTrouble;
  }

  /** How long the next build is to wait before it begins. */
  get waitMs(): number {
    return [...this.#streaks.values()].some(({ count }) => count === SUSPECTED) ? TRIAL_MS : 0;
  }

  /** The commands begin. */
  began(): void {
    this.#beganAt = this.#clock.now();
    this.#written.clear();
  }

  /** They are through, with or without success. */
  ended(): void {
    this.#beganAt = null;
    this.#streaks.clear();
  }

  /** They were ended, as files have changed. */
  cut(): void {
    this.#beganAt = null;
  }

  /** Files have changed that the commands are for. */
  changed(paths: readonly string[], firstAt: number): void {
    const afterMs = this.#beganAt === null ? null : firstAt - this.#beganAt;
    for (const path of this.#streaks.keys()) {
      if (afterMs === null || !paths.includes(path)) this.#streaks.delete(path);
    }
    for (const path of paths) this.#note(path, afterMs);
  }

  #note(path: string, afterMs: number | null): void {
    const known = this.#found.get(path);
    if (afterMs === null || known !== undefined && !isAlike(known, afterMs)) {
      this.#written.delete(path);
      return;
    }
    if (known === undefined && !this.#isFound(path, afterMs)) return;
    this.#written.add(path);
  }

  #isFound(path: string, afterMs: number): boolean {
    const before = this.#streaks.get(path);
    const isNext = before !== undefined && isAlike(before.afterMs, afterMs);
    const count = isNext ? before.count + 1 : 1;
    this.#streaks.set(path, { afterMs, count });
    if (count <= SUSPECTED) return false;
    this.#streaks.delete(path);
    this.#found.set(path, afterMs);
    this.#onTrouble({
      what: `A command that a rule runs writes "${path}" itself, which the rule names`,
      next:
        `It is left out while the command runs; to leave it out always, put --rule '${path}=ignore' before`,
    });
    return true;
  }

  /** Whether it has been written by the build, and not been saved since. */
  isWritten(path: string): boolean {
    return this.#written.has(path);
  }
}

function isAlike(one: number, other: number): boolean {
  return Math.abs(one - other) <= WITHIN_MS + WITHIN_SHARE * Math.min(one, other);
}
