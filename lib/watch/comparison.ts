import { type EntryKind, type Platform, PlatformError, type Stat } from "../platform/platform.ts";
import { linkContent, readContent } from "./content.ts";
import type { Filter } from "./filter.ts";
import type { Verdict } from "./fingerprints.ts";
import type { IgnoreChain } from "./ignore/ignore_chain.ts";
import type { IgnoreRules } from "./ignore/ignore_rules.ts";
import type { Links } from "./links.ts";
import { childOf, nameOf } from "./location.ts";
import { look, lookThrough } from "./look.ts";
import { addFolder, type Folder, type Picture } from "./picture.ts";
import { hasChangedSince } from "./since.ts";
import type { Work } from "./slices.ts";
import { linksBehind } from "./way.ts";

/** A folder that is to be taken into the picture. */
export interface Start {
  readonly path: string;
  /** Where it really is, when it is reached through a link. */
  readonly real: string | null;
  readonly globs: IgnoreRules;
  readonly outer: IgnoreChain;
}

/** Compares single entries of known folders with the disk. */
export class Comparison {
  constructor(
    private readonly platform: Platform,
    private readonly filter: Filter,
    private readonly picture: Picture,
    private readonly links: Links,
    readonly isAskedFor: (path: string) => boolean,
  ) {}

  counts(folder: Folder, name: string, kind: EntryKind): boolean {
    const path = childOf(folder.path, name);
    if (kind === "directory") return this.countsAsFolder(folder, path);
    return this.countsAsFile(folder, path) ||
      (kind === "symlink" && this.#countsAsLink(folder, path));
  }

  /** A link that leads to a folder, or may again, has no extension to go by. */
  #countsAsLink(folder: Folder, path: string): boolean {
    return !folder.isAnchor && this.filter.countsAsLink(path, folder.globs, folder.chain) &&
      (lookThrough(this.platform, path)?.kind ?? "directory") === "directory";
  }

  countsAsFile(folder: Folder, path: string): boolean {
    if (this.isAskedFor(path)) return true;
    return !folder.isAnchor && this.filter.countsAsFile(path, folder.globs, folder.chain);
  }

  /** As whatever is there now. */
  countsAsIs(folder: Folder, path: string): boolean {
    const asFile = this.countsAsFile(folder, path);
    const asFolder = this.countsAsFolder(folder, path);
    if (asFile === asFolder) return asFile;
    return this.counts(folder, nameOf(path), look(this.platform, path)?.kind ?? "other");
  }

  countsAsFolder(folder: Folder, path: string): boolean {
    return !folder.isAnchor && this.filter.countsAsFolder(path, folder.globs, folder.chain);
  }

  /**
   * Compares what the picture has for an entry that counts with the disk, where it is now a `kind`, or
   * nothing that counts (null). A new folder is added to `next`.
   */
  compare(
    folder: Folder,
    name: string,
    kind: EntryKind | null,
    since: number,
    next: Start[],
  ): void {
    const path = childOf(folder.path, name);
    if (kind !== "symlink" && !this.isAskedFor(path)) this.links.delete(path);
    if (kind !== "symlink" && kind !== "file") this.picture.removeFile(folder, name);
    if (kind !== "symlink" && kind !== "directory" && folder.folders.has(name)) {
      this.picture.removeFolder(path);
    }
    if (kind === "directory") this.#compareFolder(folder, name, path, next);
    if (kind === "symlink") this.#compareLink(folder, name, path, since, next);
    if (kind === "file") {
      this.#compareFile(folder, name, path, this.platform.files.lstat(path), since);
    }
  }

  /** Reads the files that were only taken in, but for those that wait to be looked at. */
  *readAll(isDirty: (path: string) => boolean): Work {
    for (const folder of [...this.picture.folders.values()]) {
      for (const name of [...folder.files.keys()]) {
        const path = childOf(folder.path, name);
        if (!isDirty(path)) this.#readLazily(folder, name, path);
        yield;
      }
    }
  }

  #readLazily(folder: Folder, name: string, path: string): void {
    if (!this.picture.isUnread(folder, name)) return;
    const stat = this.#statOf(path);
    const content = this.#contentOf(path, stat);
    const after = this.#statOf(path);
    if (content !== null && after !== null) this.picture.keepRead(folder, name, after, content);
  }

  /** Of a link for a folder it is where that leads to. */
  #contentOf(path: string, stat: Stat | null): bigint | null {
    if (stat?.kind === "file") return readContent(this.platform, path, stat);
    const [, real] = stat?.kind === "symlink" ? this.#targetOf(path) : [];
    return real ? linkContent(this.platform, real) : null;
  }

  /** What can be said of a file without reading it. */
  verdict(folder: Folder, name: string, path: string): Verdict {
    return this.picture.verdict(folder, name, this.#statOf(path));
  }

  /** What the fingerprint of a file is made of: its target's where it is a link, but the link's for a folder. */
  #statOf(path: string): Stat | null {
    const link = look(this.platform, path);
    if (link?.kind !== "symlink") return link;
    const [target] = this.#targetOf(path);
    return target?.kind === "directory" ? link : target;
  }

  #compareFolder(folder: Folder, name: string, path: string, next: Start[]): void {
    const known = this.picture.folders.get(path);
    const isKnown = known !== undefined && !known.isAnchor;
    const isStill = isKnown && known.inode === this.platform.files.lstat(path)?.inode;
    if (isKnown && !isStill) this.picture.removeFolder(path);
    addFolder(folder, name);
    if (isStill) return;
    next.push({ path, real: null, globs: folder.globs, outer: folder.chain });
  }

  #compareLink(folder: Folder, name: string, path: string, since: number, next: Start[]): void {
    const link = this.platform.files.lstat(path);
    const [target, real] = this.#targetOf(path);
    const known = this.picture.folders.get(path);
    if (target?.kind === "directory" && known?.real === real && known?.inode === target.inode) {
      return addFolder(folder, name);
    }
    if (known !== undefined && folder.folders.has(name)) this.picture.removeFolder(path);
    if (link === null || target === null || real === null) {
      this.links.lose(path, linksBehind(this.platform, path, null), known?.real);
      this.picture.removeFile(folder, name);
      return;
    }
    const way = linksBehind(this.platform, path, real);
    if (target.kind !== "directory") {
      this.links.set(path, target.kind === "file" ? real : null, way);
      const isSwitched = hasChangedSince(link, since);
      this.#compareFile(folder, name, path, target, isSwitched ? Math.min(since, 0) : since);
    } else if (this.links.isCovered(path, real, this.picture.folders)) {
      this.links.set(path, null, way);
      const read = () => linkContent(this.platform, real);
      this.picture.compare(folder, name, link, since, read);
    } else {
      this.links.set(path, null, way);
      this.links.follow(path, real);
      this.picture.removeFile(folder, name);
      addFolder(folder, name);
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
    if (stat?.kind !== "file") return this.picture.removeFile(folder, name);
    this.picture.compare(folder, name, stat, since, () => readContent(this.platform, path, stat));
  }
}
