import type { Platform } from "../../platform/platform.ts";
import { childOf, parentOf } from "../../paths/path.ts";
import { lstatOrNull } from "../../paths/lookup.ts";
import { gitFolderIn } from "./git_folder.ts";

/** A lock older than this was left behind by a git that died. */
const LOCK_CAP_MS = 10_000;

/** There as long as a rebase or a series of picks goes on, also while it waits for a person. */
const SERIES = ["rebase-merge", "rebase-apply", "sequencer"];

/** A series that has not moved for this long waits for a person, who may now save files. */
const SERIES_CAP_MS = 2_000;

/** Tells whether git is in the middle of changing the files of a working tree. */
export class Git {
  readonly #platform: Platform;
  readonly #roots: readonly string[];
  /** The git folder that showed last that git is busy: it is asked first. */
  #busy: string | null = null;

  constructor(platform: Platform, roots: readonly string[]) {
    this.#platform = platform;
    this.#roots = roots;
  }

  /**
   * By what it shows that git is busy in a repository that a root or one of `paths` is in, a submodule or any
   * other; null where it is not.
   */
  holder(paths: Iterable<string>): string | null {
    for (const folder of this.#foldersOf(paths)) {
      const holder = this.#holderIn(folder);
      this.#busy = holder === null ? null : folder;
      if (holder !== null) return holder;
    }
    return null;
  }

  /** Where git keeps what it knows of the working trees that these are in. */
  *#foldersOf(paths: Iterable<string>): Iterable<string> {
    if (this.#busy !== null) yield this.#busy;
    const seen = new Set<string>();
    for (const start of [this.#roots, paths].flatMap((each) => [...each])) {
      for (let folder = start; !seen.has(folder); folder = parentOf(folder)) {
        seen.add(folder);
        const git = gitFolderIn(this.#platform, folder);
        if (git !== null) yield git;
      }
    }
  }

  #holderIn(folder: string): string | null {
    const lock = childOf(folder, "index.lock");
    if (this.#isRecent(lock, LOCK_CAP_MS)) return lock;
    for (const name of SERIES) {
      const series = childOf(folder, name);
      const isStopped = this.#isThere(childOf(series, "stopped-sha"));
      if (!isStopped && this.#isRecent(series, SERIES_CAP_MS)) return series;
    }
    return null;
  }

  #isThere(path: string): boolean {
    return lstatOrNull(this.#platform, path) !== null;
  }

  /** A time far ahead is no better than one long past: clocks are set back, and differ on networks. */
  #isRecent(path: string, capMs: number): boolean {
    const stat = lstatOrNull(this.#platform, path);
    return stat !== null && Math.abs(this.#platform.clock.wallNow() - stat.ctimeMs) < capMs;
  }
}
