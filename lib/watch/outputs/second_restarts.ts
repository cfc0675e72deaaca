import type { Explanation } from "../../errors.ts";
import { kindOf } from "./changing_part.ts";

/** What is built of a save comes this soon after the start that the save has caused, or as long after it as before. */
const WITHIN_MS = 1_000;
const AS_LONG = 0.1;
const LONGEST_MS = 10_000;

/** What is called so is built, however long that takes. */
const BUILT = /(?:^|\/)(?:dist|build|out|lib|public|gen|generated)\//;

/** So many saves in a row, and it is told of. */
const IN_A_ROW = 3;

/** Files that changed, relative to the working directory. */
interface Change {
  readonly paths: readonly string[];
  /** Monotonic milliseconds of the first event. */
  readonly firstAt: number;
}

/** Tells of what a tool makes of each save, so that each restarts the program twice: a bundle, compiled sources. */
export class SecondRestarts {
  /** Null where a change was emitted since. */
  #startedAt: number | null = null;
  /** What the running generation was started for; null where that was such a second change, or nothing. */
  #cause: readonly string[] | null = null;
  /** The kinds of files of the last second change, and how long after its start it came. */
  #kinds: readonly string[] = [];
  #cameAfterMs = NaN;
  #count = 0;
  #isToldOf = false;

  /** A generation is started. */
  started(at: number): void {
    this.#startedAt = at;
  }

  /** A change is emitted; returns what is to be said of that. */
  emitted({ paths, firstAt }: Change): Explanation | null {
    if (this.#startedAt === null) return null;
    const [cause, kinds] = [this.#cause, paths.map(kindOf)];
    const cameAfterMs = firstAt - this.#startedAt;
    this.#startedAt = null;
    const isSecond = cause !== null && cameAfterMs <= LONGEST_MS &&
      !cause.map(kindOf).some((kind) => kinds.includes(kind));
    if (!isSecond) {
      if (cause !== null) this.#count = 0; // A save that nothing followed.
      this.#cause = paths;
      return null;
    }
    const isAgain = this.#kinds.some((kind) => kinds.includes(kind)) &&
      (cameAfterMs <= WITHIN_MS || paths.every((path) => BUILT.test(path)) ||
        Math.abs(cameAfterMs - this.#cameAfterMs) <= AS_LONG * cameAfterMs);
    this.#count = isAgain ? this.#count + 1 : 1;
    this.#kinds = kinds;
    this.#cameAfterMs = cameAfterMs;
    this.#cause = null;
    if (this.#count < IN_A_ROW || this.#isToldOf) return null;
    this.#isToldOf = true;
    return explain(paths, cause);
  }
}

function explain([path = ""]: readonly string[], cause: readonly string[]): Explanation {
  const [, folder] = /^([^/]+)\/./.exec(path) ?? [];
  const isApart = folder !== undefined && !cause.some((each) => each.startsWith(`${folder}/`));
  const [glob, only] = isApart ? [`${folder}/`, folder] : [kindOf(path), path];
  return {
    what:
      `The last ${IN_A_ROW} saves were each followed by a second restart, this one for "${path}"`,
    next:
      `If a tool makes it of what is saved, leave it out with --ignore "${glob}", or watch it alone with --watch "${only}"`,
  };
}
