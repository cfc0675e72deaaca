import type { Cancel, Platform } from "../../platform/platform.ts";
import { realPathOrNull, statOrNull } from "../../paths/lookup.ts";
import { nameOf } from "../../paths/path.ts";
import { isSource } from "./source_names.ts";

/** The living processes of the program; not `again`: those that were seen when this was found out last. */
export type ProgramProcesses = (options: { readonly again: boolean }) => readonly number[];

export interface OutputsHandler {
  readonly processes: ProgramProcesses;
  /** Whether somebody (git) is at work who writes sources, though the program may have started it. */
  isHeld(paths: ReadonlySet<string>): boolean;
  /** The program writes this file itself. */
  found(path: string): void;
  /** What runs has this file as it is now. */
  taken(path: string): void;
}

/** Numbers in a name that may be of a process; short ones may be anything, unless they are called so. */
const PID = /pid\d+|\d{4,}/gi;

/** What a package manager or a build tool writes down of what it has chosen. */
const LOCK = /^(?:.+\.lock|.*-lock\.(?:json|ya?ml)|go\.sum|bun\.lockb)$/;

/** What is made so soon after a start may be by what was started. */
const STARTING_MS = 10_000;

/** The owner, the group or others may execute it. */
const EXECUTABLE_BITS = 0o111;

/** An editor closes a file within this of its first write. */
const CLOSED_MS = 2;

/** More processes of the past are not remembered. */
const MOST_REMEMBERED = 1_000;

/**
 * Finds out which files the program writes itself, as logs and databases: those that one of its processes has open for
 * writing when they have changed, or that are called by its number. Files that were closed after their last write are
 * not asked about otherwise: editors' are, and a save is not to wait for that.
 * What it executes by now is no change either.
 */
export class ProgramOutputs {
  readonly #platform: Platform;
  readonly #handler: OutputsHandler;
  /** Files that were written to, and not closed since. */
  readonly #unfinished = new Set<string>();
  /** Files that were closed after they were written to. */
  readonly #finished = new Set<string>();
  /** Processes that were the program's, the last ones at the end. */
  readonly #known = new Set<number>();
  #look: Cancel | null = null;
  #startedAt = -Infinity;

  constructor(platform: Platform, handler: OutputsHandler) {
    this.#platform = platform;
    this.#handler = handler;
  }

  /** A generation is started. */
  started(at: number): void {
    this.#startedAt = at;
  }

  /** The file was written to. It is looked at when whoever saves it would have closed it: a save is not to wait for that. */
  touched(path: string, isComplete: boolean): void {
    const [from, to] = [this.#unfinished, this.#finished];
    (isComplete ? from : to).delete(path);
    (isComplete ? to : from).add(path);
    if (this.#look !== null || isComplete) return;
    this.#look = this.#platform.clock.after(CLOSED_MS, () => {
      this.#look = null;
      this.#check(this.#unfinished);
    });
  }

  /**
   * Looks at files that have changed; returns whether it found one that the program writes. A file that was there
   * before, or is a source, has its number from somebody else: a port, a year, a migration.
   */
  check(paths: readonly string[], isNew: (path: string) => boolean): boolean {
    const named = paths.filter((path) =>
      this.#isNamedByProcess(path) && !isSource(path) && isNew(path)
    );
    for (const path of named) this.#handler.found(path);
    const taken = this.#takenOf(paths, isNew);
    for (const path of taken) this.#handler.taken(path);
    const others = paths.filter((path) =>
      !this.#finished.has(path) && !named.includes(path) && !taken.includes(path)
    );
    return this.#check(new Set(others)) || named.length > 0 || taken.length > 0;
  }

  /**
   * What the program was built as while it was started, and runs as by now, and the lock file that was written then:
   * another version of these, from elsewhere, counts again.
   */
  #takenOf(paths: readonly string[], isNew: (path: string) => boolean): string[] {
    const isLock = (path: string) => LOCK.test(nameOf(path)) && isNew(path);
    const possible = paths.filter((path) => isLock(path) || !isSource(path));
    if (possible.length === 0) return [];
    const pids = this.#handler.processes({ again: true });
    const executed = this.#platform.processes.executed(pids);
    const isStarting = pids.length > 0 && this.#isStarting(this.#platform.clock.now());
    return possible.filter((path) =>
      (isStarting && isLock(path)) || executed.has(path) ||
      executed.has(realPathOrNull(this.#platform, path) ?? "")
    );
  }

  /** Whether these are what the program may be built as while it is started, and be about to execute. */
  isBuilding(paths: readonly string[], at: number): boolean {
    return this.#isStarting(at) && paths.every((path) => {
      const stat = isSource(path) ? null : statOrNull(this.#platform, path);
      return stat?.kind === "file" && (stat.mode & EXECUTABLE_BITS) !== 0;
    });
  }

  #isStarting(at: number): boolean {
    return at - this.#startedAt <= STARTING_MS;
  }

  /** Remembers which processes are the program's: they may be gone when their files are found. */
  remember(): void {
    for (const pid of this.#handler.processes({ again: false })) {
      this.#known.delete(pid);
      this.#known.add(pid);
    }
    for (const pid of this.#known) {
      if (this.#known.size <= MOST_REMEMBERED) break;
      this.#known.delete(pid);
    }
  }

  #isNamedByProcess(path: string): boolean {
    const numbers = (nameOf(path).match(PID) ?? []).map((number) => number.replace(/\D/g, ""));
    return numbers.some((number) => !number.startsWith("0") && this.#known.has(Number(number)));
  }

  /** A change was emitted: what was touched before is of no interest any more. */
  clear(): void {
    this.#unfinished.clear();
    this.#finished.clear();
  }

  close(): void {
    this.#look?.();
  }

  #check(paths: ReadonlySet<string>): boolean {
    if (paths.size === 0 || this.#handler.isHeld(paths)) return false;
    const written = this.#platform.processes.openForWriting(
      this.#handler.processes({ again: true }),
    );
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
