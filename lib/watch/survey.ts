import { type EntryKind, type Platform, PlatformError, type Stat } from "../platform/platform.ts";
import { VIRTUAL_ENVIRONMENT } from "./builtin.ts";
import { linkContent, readContent } from "./content.ts";
import type { Filter } from "./filter.ts";
import { TIME_STEP_MS } from "./fingerprints.ts";
import type { IgnoreChain, IgnoreRules } from "./ignore_rules.ts";
import type { Links } from "./links.ts";
import { childOf, parentOf } from "./location.ts";
import type { Folder, Picture } from "./picture.ts";
import { hasChangedSince } from "./since.ts";
import type { Work } from "./slices.ts";

/** A folder that is to be taken into the picture. */
export interface Start {
  readonly path: string;
  /** Where it really is, when it is reached through a link. */
  readonly real: string | null;
  readonly globs: IgnoreRules;
  readonly outer: IgnoreChain;
}

export interface SurveyObserver {
  /** These folders are new: they are watched when this returns, and read only then. */
  appeared(folders: readonly string[]): void;
  /** Something that counts cannot be read. */
  unreadable(error: PlatformError): void;
}

/** Everything that is found is new. */
export const ALWAYS = -Infinity;

/** Walks folders into the picture and compares them with the disk; ignored folders are never entered. */
export class Survey {
  constructor(
    private readonly platform: Platform,
    private readonly filter: Filter,
    private readonly picture: Picture,
    private readonly links: Links,
    private readonly isAskedFor: (path: string) => boolean,
    private readonly observer: SurveyObserver,
  ) {}

  /**
   * Takes folders in. Each is watched before it is read, so that what happens meanwhile has an event.
   * For `sinceCtimeMs` see `Picture.compare`; a folder that was moved here since is new with all below it.
   */
  *load(starts: readonly Start[], sinceCtimeMs: number): Work {
    const movedHere = new Set<string>();
    for (let next = [...starts]; next.length > 0;) {
      const found: Folder[] = [];
      for (const start of next) yield* this.#discover(start, sinceCtimeMs, found, movedHere);
      this.observer.appeared(found.map(({ path }) => path));
      next = [];
      for (const folder of found) {
        const since = movedHere.has(folder.path) ? Math.min(sinceCtimeMs, 0) : sinceCtimeMs;
        yield* this.reread(folder, since, next);
      }
    }
  }

  /** Compares the entries of a folder with the disk; new folders in it are added to `next`. */
  *reread(folder: Folder, sinceCtimeMs: number, next: Start[]): Work {
    const entries = folder.isAnchor
      ? null
      : this.#attempt(() => this.platform.files.readDir(folder.path));
    if (entries === null) return;
    const since = this.#sinceIn(folder, sinceCtimeMs);
    const gone = new Set([...folder.files.keys(), ...folder.folders]);
    for (const { name, kind } of entries) {
      gone.delete(name);
      this.compare(folder, name, kind, since, next);
      yield;
    }
    for (const name of gone) this.compare(folder, name, null, since, next);
  }

  /** Compares one entry of a folder with the disk, where it is now a `kind`, or nothing (null). */
  compare(
    folder: Folder,
    name: string,
    kind: EntryKind | null,
    sinceCtimeMs: number,
    next: Start[],
  ): void {
    this.#attempt(() => this.#compare(folder, name, kind, sinceCtimeMs, next));
  }

  /** Reads a file that was taken in unread. */
  readLazily(folder: Folder, name: string, path: string): void {
    if (!this.picture.isUnread(folder, name)) return;
    const [target] = this.#targetOf(path);
    if (target === null || target.kind !== "file") return;
    const read = () => readContent(this.platform, path, target);
    this.picture.readLazily(folder, name, target, read);
  }

  looksMoved(folder: Folder, name: string, path: string): boolean {
    const [target] = this.#targetOf(path);
    const isFolder = target?.kind === "directory";
    const stat = isFolder ? this.platform.files.lstat(path) : target;
    return this.picture.looksMoved(folder, name, stat);
  }

  countsAsFile(folder: Folder, path: string): boolean {
    if (this.isAskedFor(path)) return true;
    return !folder.isAnchor && this.filter.countsAsFile(path, folder.globs, folder.chain);
  }

  countsAsFolder(folder: Folder, path: string): boolean {
    return !folder.isAnchor && this.filter.countsAsFolder(path, folder.globs, folder.chain);
  }

  #compare(
    folder: Folder,
    name: string,
    kind: EntryKind | null,
    since: number,
    next: Start[],
  ): void {
    const path = childOf(folder.path, name);
    if (kind !== "symlink") this.links.delete(path);
    if (kind !== "symlink" && kind !== "file") this.picture.removeFile(folder, name);
    if (kind !== "symlink" && kind !== "directory" && folder.folders.has(name)) {
      this.picture.removeFolder(path);
    }
    if (kind === "directory") this.#compareFolder(folder, name, path, next);
    else if (kind === "symlink" && this.countsAsFile(folder, path)) {
      this.#compareLink(folder, name, path, since, next);
    } else if (kind === "file" && this.countsAsFile(folder, path)) {
      this.#compareFile(folder, name, path, this.platform.files.lstat(path), since);
    }
  }

  *#discover(start: Start, since: number, found: Folder[], movedHere: Set<string>): Work {
    for (const stack = [start]; stack.length > 0;) {
      const opened = this.#attempt(() => this.#open(stack.pop()!));
      if (opened === null) continue;
      const { folder, stat, entries } = opened;
      this.picture.folders.set(folder.path, folder);
      found.push(folder);
      const wasMoved = stat.ctimeMs > stat.mtimeMs && hasChangedSince(stat, since);
      if (wasMoved || movedHere.has(parentOf(folder.path))) movedHere.add(folder.path);
      for (const { name, kind } of entries) {
        const path = childOf(folder.path, name);
        if (kind !== "directory" || !this.countsAsFolder(folder, path)) continue;
        folder.folders.add(name);
        if (this.picture.folders.get(path)?.isAnchor === false) continue;
        stack.push({ path, real: null, globs: folder.globs, outer: folder.chain });
      }
      yield;
    }
  }

  #open({ path, real, globs, outer }: Start) {
    const known = this.picture.folders.get(path);
    if (known?.isAnchor === false) return null;
    const stat = this.platform.files.stat(path);
    if (stat?.kind !== "directory") return null;
    const entries = this.platform.files.readDir(path);
    const names = new Set(entries.map(({ name }) => name));
    if (names.has(VIRTUAL_ENVIRONMENT) && !this.isAskedFor(path)) return null;
    const chain = this.filter.inside(outer, path, names);
    const files = known?.files ?? new Map<string, number>();
    const folders = new Set<string>();
    const folder: Folder = {
      ...{ path, real, inode: stat.inode, isAnchor: false },
      ...{ globs, chain, files, folders },
    };
    return { folder, stat, entries };
  }

  /** A file may have been written just before the moment, and renamed into its place just after. */
  #sinceIn(folder: Folder, sinceCtimeMs: number): number {
    if (!Number.isFinite(sinceCtimeMs)) return sinceCtimeMs;
    const stat = this.platform.files.stat(folder.path);
    const isChanged = stat !== null && stat.mtimeMs >= sinceCtimeMs;
    return isChanged ? sinceCtimeMs - TIME_STEP_MS : sinceCtimeMs;
  }

  #compareFolder(folder: Folder, name: string, path: string, next: Start[]): void {
    if (!this.countsAsFolder(folder, path)) return;
    const known = this.picture.folders.get(path);
    if (known !== undefined && !known.isAnchor) {
      if (known.inode === this.platform.files.lstat(path)?.inode) return;
      this.picture.removeFolder(path);
    }
    folder.folders.add(name);
    next.push({ path, real: null, globs: folder.globs, outer: folder.chain });
  }

  #compareLink(folder: Folder, name: string, path: string, since: number, next: Start[]): void {
    const link = this.platform.files.lstat(path);
    const [target, real] = this.#targetOf(path);
    const known = this.picture.folders.get(path);
    if (target?.kind === "directory" && known?.real === real && known?.inode === target.inode) {
      return;
    }
    if (known !== undefined && folder.folders.has(name)) this.picture.removeFolder(path);
    if (link === null || target === null || real === null) {
      this.links.set(path, null);
      this.picture.removeFile(folder, name);
    } else if (target.kind !== "directory") {
      this.links.set(path, real);
      const isSwitched = hasChangedSince(link, since);
      this.#compareFile(folder, name, path, target, isSwitched ? Math.min(since, 0) : since);
    } else if (this.links.isCovered(real, this.picture.folders)) {
      this.links.set(path, null);
      const read = () => linkContent(this.platform, real);
      this.picture.compare(folder, name, link, since, read);
    } else {
      this.links.set(path, null);
      this.links.follow(path, real);
      this.picture.removeFile(folder, name);
      folder.folders.add(name);
      next.push({ path, real, globs: folder.globs, outer: folder.chain });
    }
  }

  /** A link may lead nowhere, round in a circle, or where nobody may look. */
  #targetOf(path: string): [Stat, string] | [null, null] {
    const { files } = this.platform;
    try {
      const stat = files.stat(path);
      return stat === null ? [null, null] : [stat, files.realPath(path)];
    } catch (error) {
      if (error instanceof PlatformError) return [null, null];
      throw error;
    }
  }

  #compareFile(folder: Folder, name: string, path: string, stat: Stat | null, since: number): void {
    if (stat === null) return this.picture.removeFile(folder, name);
    if (stat.kind !== "file") return;
    this.picture.compare(folder, name, stat, since, () => readContent(this.platform, path, stat));
  }

  /** Null where the disk refuses; that something is gone needs no word, its event is on the way. */
  #attempt<T>(look: () => T): T | null {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") this.observer.unreadable(error);
      return null;
    }
  }
}
