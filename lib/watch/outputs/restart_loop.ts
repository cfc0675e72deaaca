import type { Explanation } from "../../errors.ts";
import { kindOf } from "./changing_part.ts";
import { isCode, isSource } from "./source_names.ts";

/** A change this soon after a start may be the program's own; so may one as long after it as the one before. */
const WITHIN_MS = 1_000;
const AS_LONG = 0.1;

/** A file that is made this soon after a start may be the program's. */
const BORN_WITHIN_MS = 10_000;

/** From so many such restarts in a row on it is told of; again each time that they have doubled. */
const IN_A_ROW = 5;

/** A file that has grown at so many of them is a log. */
const GROWN = 10;

/** Nobody saves as often in a row, each time as soon after a start, what is no source. */
const TOO_MANY = 20;

/** The first wait; each is twice the one before. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/** Files that changed, relative to the working directory. */
export interface ChangedFiles {
  readonly paths: readonly string[];
  /** Monotonic milliseconds of the first event. */
  readonly firstAt: number;
  /** Whether a file was not there when a change was last emitted, as far as is known. */
  isNew(path: string): boolean;
  sizeOf(path: string): number;
}

/**
 * Backs off where each start makes a change, by the program that is started: else it would be restarted for ever. Who
 * saves what he has written seldom makes a new file each time, nor one that only grows: only these wait, any other from
 * the twentieth time on, and no source does.
 */
export class RestartLoop {
  #startedAt = -Infinity;
  /** The start after which a change was emitted last. */
  #countedAt = -Infinity;
  #count = 0;
  /** How long after its start that change came. */
  #cameAfterMs = NaN;
  /** Files that were made not long after a start. */
  readonly #born = new Set<string>();
  /** How large files were at the last of these restarts, and at how many they had grown. */
  readonly #sizes = new Map<string, { readonly bytes: number; readonly grown: number }>();
  /** When the change that waits came. */
  #waitingSince: number | null = null;
  /** The last one of this loop that is no code. */
  #suspect: string | null = null;

  /** A generation is started. */
  started(at: number): void {
    this.#startedAt = at;
  }

  /** Until when a change is to wait; one to a file that is not the program's does not. */
  waitUntil({ paths, firstAt, isNew }: ChangedFiles): number {
    if (this.#count < IN_A_ROW || !this.#isSoon(this.#waitingSince ?? firstAt)) return -Infinity;
    const isSuspect = (path: string) =>
      !isSource(path) &&
      (this.#count >= TOO_MANY || isNew(path) || this.#born.has(path) ||
        (this.#sizes.get(path)?.grown ?? 0) >= GROWN);
    if (!paths.every(isSuspect)) return -Infinity;
    this.#waitingSince ??= firstAt;
    const waitMs = FIRST_WAIT_MS * 2 ** (this.#count - IN_A_ROW);
    return this.#startedAt + Math.min(waitMs, LONGEST_WAIT_MS);
  }

  /** A change is emitted; returns what is to be said of that. */
  emitted(changed: ChangedFiles): Explanation | null {
    const firstAt = this.#waitingSince ?? changed.firstAt;
    const isSoon = this.#isSoon(firstAt);
    this.#waitingSince = null;
    if (this.#countedAt === this.#startedAt) return null;
    this.#countedAt = this.#startedAt;
    this.#cameAfterMs = firstAt - this.#startedAt;
    this.#count = isSoon ? this.#count + 1 : 1;
    if (this.#cameAfterMs <= BORN_WITHIN_MS) this.#noteNew(changed);
    if (isSoon) this.#noteSizes(changed);
    else this.#sizes.clear();
    const suspect = changed.paths.find((path) => !isCode(path)) ?? null;
    this.#suspect = suspect ?? (isSoon ? this.#suspect : null);
    return Number.isInteger(Math.log2(this.#count / IN_A_ROW))
      ? this.#explain(changed.paths)
      : null;
  }

  #noteNew({ paths, isNew }: ChangedFiles): void {
    for (const path of paths.filter(isNew)) this.#born.add(path);
  }

  #noteSizes({ paths, sizeOf }: ChangedFiles): void {
    for (const path of paths) {
      const [bytes, before] = [sizeOf(path), this.#sizes.get(path)];
      const hasGrown = before !== undefined && bytes > before.bytes;
      this.#sizes.set(path, { bytes, grown: hasGrown ? before.grown + 1 : 0 });
    }
  }

  #isSoon(firstAt: number): boolean {
    const cameAfterMs = firstAt - this.#startedAt;
    const difference = Math.abs(cameAfterMs - this.#cameAfterMs);
    return cameAfterMs <= WITHIN_MS || difference <= AS_LONG * cameAfterMs;
  }

  #explain(paths: readonly string[]): Explanation {
    const path = this.#suspect ?? paths[0] ?? "";
    const which = paths.includes(path) ? "this one" : "one";
    return {
      what:
        `The last ${this.#count} restarts came at the same time after a start, ${which} for "${path}"`,
      next: `If the program writes it itself, leave it out with --ignore "${kindOf(path)}"`,
    };
  }
}
