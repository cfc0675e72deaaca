import type { Platform } from "../platform/platform.ts";
import { childOf, parentOf } from "./location.ts";
import { entriesIn, look } from "./look.ts";

/** A lock older than this was left behind by a git that died. */
const LOCK_CAP_MS = 10_000;

/** There as long as a rebase or a series of picks goes on, also while it waits for a person. */
const SERIES = ["rebase-merge", "rebase-apply", "sequencer"];

/** A series that has not moved for this long waits for a person, who may now save files. */
const SERIES_CAP_MS = 2_000;

/** Tells whether git is in the middle of changing the files of a working tree. */
export class Git {
  readonly #platform: Platform;
  readonly #folders: ReadonlySet<string>;

  constructor(platform: Platform, roots: readonly string[]) {
    this.#platform = platform;
    const folders = roots.map((root) => gitFolderOf(platform, root));
    this.#folders = new Set(folders.filter((folder) => folder !== null));
  }

  /** By what it shows that git is busy; null where it is not. */
  holder(): string | null {
    for (const top of this.#folders) {
      for (const folder of this.#withModules(top)) {
        const holder = this.#holderIn(folder);
        if (holder !== null) return holder;
      }
    }
    return null;
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

  /** It, its submodules, and theirs. */
  *#withModules(folder: string): Iterable<string> {
    yield folder;
    yield* this.#modulesIn(childOf(folder, "modules"));
  }

  /** The name of a submodule may have slashes. */
  *#modulesIn(folder: string): Iterable<string> {
    if (!this.#isThere(folder)) return;
    for (const { name, kind } of entriesIn(this.#platform, folder)) {
      if (kind !== "directory") continue;
      const inner = childOf(folder, name);
      const isModule = this.#isThere(childOf(inner, "HEAD"));
      yield* isModule ? this.#withModules(inner) : this.#modulesIn(inner);
    }
  }

  #isThere(path: string): boolean {
    return look(this.#platform, path) !== null;
  }

  /** A time far ahead is no better than one long past: clocks are set back, and differ on networks. */
  #isRecent(path: string, capMs: number): boolean {
    const stat = look(this.#platform, path);
    return stat !== null && Math.abs(this.#platform.clock.wallNow() - stat.ctimeMs) < capMs;
  }
}

/** Where git keeps what it knows of the working tree that `path` is in; null outside of any. */
function gitFolderOf(platform: Platform, path: string): string | null {
  for (let folder = path;; folder = parentOf(folder)) {
    const git = childOf(folder, ".git");
    const kind = platform.files.stat(git)?.kind;
    if (kind === "directory") return git;
    if (kind === "file") {
      const pointer = platform.files.readText(git).match(/^gitdir: (.+)$/m)?.[1];
      if (pointer === undefined) return null;
      return pointer.startsWith("/") ? pointer : childOf(folder, pointer);
    }
    if (folder === "/") return null;
  }
}
