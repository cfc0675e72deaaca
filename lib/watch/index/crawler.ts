import {
  type Entry,
  type EntryKind,
  type Platform,
  PlatformError,
  type Stat,
} from "../../platform/platform.ts";
import type { Comparison, Start } from "./comparison.ts";
import type { Filter } from "../ignore/filter.ts";
import { TIME_STEP_MS } from "./fingerprints.ts";
import { childOf, parentOf } from "../../paths/path.ts";
import type { FileIndex, Folder, FolderFacts } from "./file_index.ts";
import type { PseudoFolders } from "./pseudo_folders.ts";
import { isLeaf } from "./leaf.ts";
import { lstatOrNull, statOrNull } from "../../paths/lookup.ts";
import { hasChangedSince, listedMtimeMs } from "./since.ts";
import type { Work } from "../slices.ts";

export interface CrawlerObserver {
  /** These folders are new: they are watched when this returns, and compared only then. */
  appeared(folders: readonly string[]): void;
  /** Something that counts cannot be read. */
  unreadable(error: PlatformError): void;
}

/** So that opening watches never keeps the loop for long. */
const WATCHED_AT_ONCE = 256;

/** Everything that is found is new, or nothing is. */
export const [ALWAYS, NEVER] = [-Infinity, Infinity];

interface Found {
  readonly folder: Folder;
  /** What was in it, whether it counts or not; null where it was not listed, as no folder can be in it. */
  readonly entries: readonly Entry[] | null;
  /** It, or a folder above it, was moved here. */
  readonly isMoved: boolean;
}

/** Walks folders into the index and compares them with the disk; ignored folders are never entered. */
export class Crawler {
  constructor(
    private readonly platform: Platform,
    private readonly filter: Filter,
    private readonly index: FileIndex,
    private readonly comparison: Comparison,
    private readonly pseudo: PseudoFolders,
    private readonly observer: CrawlerObserver,
  ) {}

  /**
   * Takes folders in. Each is watched before it is compared, so that what happens meanwhile has an event, and
   * listed before that only where folders may be in it. `onWatched` is told how many files there are, and
   * since when every change has an event. For `sinceCtimeMs` see `FileIndex.compare`; a folder that was moved
   * here since is new with all below it.
   */
  *load(
    starts: readonly Start[],
    sinceCtimeMs: number,
    onWatched: (files: number, watchedAt: number) => void = () => {},
  ): Work {
    const found = new Map<string, Found>();
    for (const start of starts) yield* this.#discover(start, sinceCtimeMs, found);
    const folders = [...found.keys()];
    for (let at = 0; at < folders.length; at += WATCHED_AT_ONCE) {
      this.observer.appeared(folders.slice(at, at + WATCHED_AT_ONCE));
      yield;
    }
    const watchedAt = this.platform.clock.now();
    const counted = new Map<Found, Entry[]>();
    let files = 0;
    for (const each of found.values()) {
      const entries = this.#counted(each);
      if (entries !== null) counted.set(each, entries);
      files += entries?.filter(({ kind }) => kind !== "directory").length ?? 0;
      yield;
    }
    onWatched(files, watchedAt);
    const next: Start[] = [];
    for (const [each, entries] of counted) {
      const since = each.isMoved ? Math.min(sinceCtimeMs, 0) : sinceCtimeMs;
      if (!this.index.holds(each.folder)) continue;
      const stat = this.#attempt(() => this.platform.files.stat(each.folder.path));
      if (stat?.inode !== each.folder.inode) {
        this.#lose(each.folder);
        continue;
      }
      const isStill = each.entries === null || this.isStill(each.folder, stat);
      yield* this.#compareAll(each.folder, since, next, isStill ? entries : null);
    }
    if (next.length > 0) yield* this.load(next, sinceCtimeMs);
  }

  /** Compares the entries of a folder with the disk; new folders in it are added to `next`. */
  *reread(folder: Folder, sinceCtimeMs: number, next: Start[]): Work {
    if (!folder.isParentWatch) yield* this.#compareAll(folder, sinceCtimeMs, next, null);
  }

  /** Compares one entry of a folder with the disk; a new folder is added to `next`. Returns what is there now. */
  compareEntry(
    folder: Folder,
    name: string,
    next: Start[],
    sinceCtimeMs = ALWAYS,
  ): EntryKind | null {
    return this.#attempt(() => {
      const stat = this.platform.files.lstat(childOf(folder.path, name)) ?? undefined;
      const counts = stat !== undefined && this.comparison.counts(folder, name, stat.kind);
      this.comparison.compare(folder, name, counts ? stat.kind : null, sinceCtimeMs, next, stat);
      return stat?.kind ?? null;
    });
  }

  /** Whether a folder has certainly had no entry come or go since it was listed. */
  isStill(folder: Folder, stat = statOrNull(this.platform, folder.path)): boolean {
    return stat?.inode === folder.inode && stat.mtimeMs === folder.listedMtimeMs;
  }

  *#compareAll(
    folder: Folder,
    sinceCtimeMs: number,
    next: Start[],
    seen: readonly Entry[] | null,
  ): Work {
    const entries = seen ?? this.#attempt(() => this.#list(folder));
    if (entries === null) return;
    const since = this.#sinceIn(folder, sinceCtimeMs);
    const gone = new Set([...folder.files.keys(), ...folder.folders]);
    for (const { name, kind } of entries) {
      gone.delete(name);
      this.#attempt(() => this.comparison.compare(folder, name, kind, since, next));
      yield;
    }
    for (const name of gone) this.comparison.compare(folder, name, null, since, next);
  }

  #list(folder: Folder): Entry[] {
    const entries = this.#listAll(folder);
    return entries.filter(({ name, kind }) => this.comparison.counts(folder, name, kind));
  }

  #listAll(folder: FolderFacts, stat = this.platform.files.stat(folder.path)): Entry[] {
    const mtimeMs = listedMtimeMs(stat, this.platform.clock.wallNow());
    const entries = this.platform.files.readDir(folder.path);
    folder.listedMtimeMs = mtimeMs;
    return entries;
  }

  /** The entries of a folder that count; null where it does not. What comes into a leaf has an event by now. */
  #counted({ folder, entries }: Found): Entry[] | null {
    if (entries !== null) {
      return entries.filter(({ name, kind }) =>
        kind === "directory" ? folder.folders.has(name) : this.comparison.counts(folder, name, kind)
      );
    }
    const inside = this.#attempt(() => this.#enter(folder));
    if (inside === "ignored") {
      this.index.removeFolder(folder.path, false);
      return null;
    }
    return (inside ?? []).filter(({ name, kind }) => this.comparison.counts(folder, name, kind));
  }

  /** Another folder may be there, or none, and the watch be that one's: it is crawled again, if it is back. */
  #lose({ path }: Folder): void {
    this.#markStale(path);
    this.index.removeFolder(path);
  }

  /** What is at `path` came or went just now: the folder it is in is listed again before a batch has settled. */
  #markStale(path: string): void {
    const above = this.index.folder(parentOf(path));
    if (above !== undefined) above.listedMtimeMs = NaN;
  }

  *#discover(start: Start, since: number, found: Map<string, Found>): Work {
    for (const stack = [start]; stack.length > 0;) {
      const next = stack.pop()!;
      const opened = this.#attempt(() => this.#open(next), () => this.#markStale(next.path));
      if (opened === null) continue;
      const { folder, stat, entries } = opened;
      const isMoved = (stat.ctimeMs > stat.mtimeMs && hasChangedSince(stat, since)) ||
        found.get(parentOf(folder.path))?.isMoved === true;
      found.set(folder.path, { folder, entries, isMoved });
      for (const { name, kind } of entries ?? []) {
        if (kind !== "directory") continue;
        const path = childOf(folder.path, name);
        if (!this.comparison.countsAsFolder(folder, path)) continue;
        this.index.addFolderName(folder, name);
        stack.push({ path, real: null, rules: folder.rules, outer: folder.chain });
      }
      yield;
    }
  }

  #open({ path, real, rules, outer }: Start) {
    if (this.index.folder(path)?.isParentWatch === false) return null;
    const stat = this.platform.files.stat(path);
    if (stat === null) this.#markStale(path);
    if (stat?.kind !== "directory") return null;
    if (this.pseudo.holds(real ?? path, stat) && !this.comparison.isAskedFor(path)) return null;
    const facts: FolderFacts = {
      ...{ path, real, inode: stat.inode, isParentWatch: false, rules, chain: outer },
      listedMtimeMs: NaN,
    };
    const entries = isLeaf(stat) ? null : this.#enter(facts, stat);
    return entries === "ignored" ? null : { folder: this.index.addFolder(facts), stat, entries };
  }

  /** Lists a folder, and learns what its ignore files say, or that all of it is ignored. */
  #enter(folder: FolderFacts, stat?: Stat): Entry[] | "ignored" {
    const { path } = folder;
    const entries = this.#listAll(folder, stat);
    const has = (name: string) => entries.some((entry) => entry.name === name);
    if (this.#isLeftOut(path, has)) return "ignored";
    folder.chain = this.filter.ignoreFiles.inside(folder.chain, path, has);
    return entries;
  }

  /** Whether a folder has turned into one that is left out, whatever it is called. */
  isLeftOut({ path }: Folder): boolean {
    return this.#isLeftOut(
      path,
      (name) => lstatOrNull(this.platform, childOf(path, name)) !== null,
    );
  }

  #isLeftOut(path: string, has: (name: string) => boolean): boolean {
    return this.filter.isLeftOut(has) && !this.comparison.isAskedFor(path);
  }

  /** A file may have been written just before the moment, and renamed into its place just after. */
  #sinceIn({ path }: Folder, sinceCtimeMs: number): number {
    if (!Number.isFinite(sinceCtimeMs)) return sinceCtimeMs;
    const isChanged = (statOrNull(this.platform, path)?.mtimeMs ?? -Infinity) >= sinceCtimeMs;
    return isChanged ? sinceCtimeMs - TIME_STEP_MS : sinceCtimeMs;
  }

  /** Null where the disk refuses; that something is gone needs no word, its event is on the way. */
  #attempt<T>(look: () => T, onGone: () => void = () => {}): T | null {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code === "ENOENT" || error.code === "ENOTDIR") onGone();
      else this.observer.unreadable(error);
      return null;
    }
  }
}
