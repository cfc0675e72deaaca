import type { Platform } from "../../platform/platform.ts";
import { realPathOrNull } from "../../paths/lookup.ts";

export interface OutputsHandler {
  /** Living processes of the program. */
  processes(): readonly number[];
  /** Whether somebody (git) is at work who writes sources, though the program may have started it. */
  isHeld(paths: ReadonlySet<string>): boolean;
  /** The program writes this file itself. */
  found(path: string): void;
}

/**
 * Finds out which files the program writes itself, as logs and databases: those that one of its processes has open for
 * writing when they have changed. Files that were closed after their last write are not asked about: editors' are, and
 * a save is not to wait for that.
 */
export class ProgramOutputs {
  readonly #platform: Platform;
  readonly #handler: OutputsHandler;
  /** Files that were written to, and not closed since. */
  readonly #unfinished = new Set<string>();
  /** Files that were closed after they were written to. */
  readonly #finished = new Set<string>();
  #isDue = false;

  constructor(platform: Platform, handler: OutputsHandler) {
    this.#platform = platform;
    this.#handler = handler;
  }

  /** The file was written to; those of one read of events are looked at together, when all of them are known. */
  touched(path: string, isComplete: boolean): void {
    const [from, to] = [this.#unfinished, this.#finished];
    (isComplete ? from : to).delete(path);
    (isComplete ? to : from).add(path);
    if (this.#isDue || isComplete) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#check(this.#unfinished);
    });
  }

  /** Looks at those of these files, which have changed, that were not closed; returns whether it found one. */
  check(paths: readonly string[]): boolean {
    return this.#check(new Set(paths.filter((path) => !this.#finished.has(path))));
  }

  /** A change was emitted: what was touched before is of no interest any more. */
  clear(): void {
    this.#unfinished.clear();
    this.#finished.clear();
  }

  #check(paths: ReadonlySet<string>): boolean {
    if (paths.size === 0 || this.#handler.isHeld(paths)) return false;
    const written = this.#platform.processes.openForWriting(this.#handler.processes());
    if (written.size === 0) return false;
    const isWritten = (path: string) =>
      written.has(path) || written.has(realPathOrNull(this.#platform, path) ?? "");
    const found = [...paths].filter(isWritten);
    for (const path of found) {
      this.#unfinished.delete(path);
      this.#handler.found(path);
    }
    return found.length > 0;
  }
}
