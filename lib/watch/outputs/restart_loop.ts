import type { Explanation } from "../../errors.ts";
import { kindOf } from "./changing_part.ts";

/** A change this soon after a start may be the program's own. */
const WITHIN_MS = 1_000;

/** From so many such restarts in a row on it is told of; again each time that they have doubled. */
const IN_A_ROW = 5;

interface Backoff {
  /** From so many restarts in a row on. */
  readonly inARow: number;
  readonly longestMs: number;
}

/** The first wait; each is twice the one before. */
const FIRST_WAIT_MS = 1_000;

/** For files that came after a start: who saves what he has written elsewhere seldom makes a new file each time. */
const OF_NEW_FILES: Backoff = { inARow: IN_A_ROW, longestMs: 10_000 };

/** For files that were there before: they may be sources, and saved by a tool that does not rest. */
const OF_KNOWN_FILES: Backoff = { inARow: 20, longestMs: 1_000 };

/** Files that changed, relative to the working directory. */
export interface ChangedFiles {
  readonly paths: readonly string[];
  /** Monotonic milliseconds of the first event. */
  readonly firstAt: number;
  /** Whether a file was not there when a change was last emitted. */
  isNew(path: string): boolean;
}

/** Backs off where each start makes a change, by the program that is started: else it would be restarted for ever. */
export class RestartLoop {
  #startedAt = -Infinity;
  /** The start after which a change was emitted last. */
  #countedAt = -Infinity;
  #count = 0;
  /** Files that changed in these restarts. */
  #paths = new Set<string>();
  /** Those of them that came right after a start. */
  readonly #born = new Set<string>();
  /** When the change that waits came. */
  #waitingSince: number | null = null;

  /** A generation is started. */
  started(at: number): void {
    this.#startedAt = at;
  }

  /** Until when a change is to wait. One to a file that has nothing to do with the loop does not. */
  waitUntil({ paths, firstAt, isNew }: ChangedFiles): number {
    const isNewOrBorn = (path: string) => isNew(path) || this.#born.has(path);
    const isOfLoop = paths.every((path) => isNewOrBorn(path) || this.#paths.has(path));
    const waitMs = this.#waitMs(paths.every(isNewOrBorn) ? OF_NEW_FILES : OF_KNOWN_FILES);
    if (!isOfLoop || waitMs === 0 || !this.#isSoon(this.#waitingSince ?? firstAt)) return -Infinity;
    this.#waitingSince ??= firstAt;
    return this.#startedAt + waitMs;
  }

  /** A change is emitted; returns what is to be said of that. */
  emitted({ paths, firstAt, isNew }: ChangedFiles): Explanation | null {
    const isSoon = this.#isSoon(this.#waitingSince ?? firstAt);
    this.#waitingSince = null;
    if (this.#countedAt === this.#startedAt) return null;
    this.#countedAt = this.#startedAt;
    this.#count = isSoon ? this.#count + 1 : 1;
    if (!isSoon) this.#paths.clear();
    for (const path of paths) this.#paths.add(path);
    for (const path of isSoon ? paths.filter(isNew) : []) this.#born.add(path);
    return Number.isInteger(Math.log2(this.#count / IN_A_ROW)) ? this.#explain(paths[0]!) : null;
  }

  #waitMs({ inARow, longestMs }: Backoff): number {
    if (this.#count < inARow) return 0;
    return Math.min(FIRST_WAIT_MS * 2 ** (this.#count - inARow), longestMs);
  }

  #isSoon(firstAt: number): boolean {
    return firstAt - this.#startedAt <= WITHIN_MS;
  }

  #explain(path: string): Explanation {
    return {
      what: `The last ${this.#count} restarts came right after a start, this one for "${path}"`,
      next: `If the program writes it itself, leave it out with --ignore "${kindOf(path)}"`,
    };
  }
}
