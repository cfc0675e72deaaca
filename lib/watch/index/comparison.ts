import {
  type EntryKind,
  type Platform,
  PlatformError,
  type Stat,
} from "../../platform/platform.ts";
import { linkContent, readContent } from "./content.ts";
import type { Filter } from "../ignore/filter.ts";
import type { Freshness } from "./fingerprints.ts";
import type { IgnoreChain } from "../ignore/ignore_chain.ts";
import type { RootRules } from "../ignore/filter.ts";
import type { Symlinks } from "../symlinks/symlinks.ts";
import { childOf, nameOf } from "../../paths/path.ts";
import { lstatOrNull, statOrNull } from "../../paths/lookup.ts";
import type { FileIndex, Folder } from "./file_index.ts";
import type { PseudoFolders } from "./pseudo_folders.ts";
import { hasChangedSince } from "./since.ts";
import type { Work } from "../slices.ts";
import { targetChain } from "../symlinks/symlink_chain.ts";

/** A folder that is to be crawled. */
export interface Start {
  readonly path: string;
  /** Where it really is, when it is reached through a link. */
  readonly real: string | null;
  readonly rules: RootRules;
  readonly outer: IgnoreChain;
}

/** Compares single entries of known folders with the disk. */
export class Comparison {
  constructor(
    private readonly platform: Platform,
    private readonly filter: Filter,
    private readonly index: FileIndex,
    private readonly symlinks: Symlinks,
    private readonly pseudo: PseudoFolders,
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
    return !folder.isParentWatch && this.filter.countsAsLink(path, folder.rules, folder.chain) &&
      (statOrNull(this.platform, path)?.kind ?? "directory") === "directory";
  }

  countsAsFile(folder: Folder, path: string): boolean {
    if (this.isAskedFor(path)) return true;
    return !folder.isParentWatch && this.filter.countsAsFile(path, folder.rules, folder.chain);
  }

  /** As whatever is there now. */
  countsAsIs(folder: Folder, path: string): boolean {
    const asFile = this.countsAsFile(folder, path);
    const asFolder = this.countsAsFolder(folder, path);
    if (asFile === asFolder) return asFile;
    return this.counts(folder, nameOf(path), lstatOrNull(this.platform, path)?.kind ?? "other");
  }

  countsAsFolder(folder: Folder, path: string): boolean {
    return !folder.isParentWatch && this.filter.countsAsFolder(path, folder.rules, folder.chain);
  }

  /**
   * Compares what the index has for an entry that counts with the disk, where it is now a `kind`, or
   * nothing that counts (null). A new folder is added to `next`. `seen` spares a look at it.
   */
  compare(
    folder: Folder,
    name: string,
    kind: EntryKind | null,
    since: number,
    next: Start[],
    seen?: Stat,
  ): void {
    const path = childOf(folder.path, name);
    if (kind !== "symlink" && !this.isAskedFor(path)) this.symlinks.delete(path);
    if (kind !== "symlink" && kind !== "file") this.index.removeFile(folder, name);
    if (kind !== "symlink" && kind !== "directory" && folder.folders.has(name)) {
      this.index.removeFolder(path);
    }
    if (kind !== "directory" && kind !== "symlink" && kind !== "file") return;
    const stat = seen ?? this.platform.files.lstat(path);
    if (kind === "directory") this.#compareFolder(folder, name, path, stat, next);
    if (kind === "symlink") this.#compareLink(folder, name, path, stat, since, next);
    if (kind === "file") this.#compareFile(folder, name, path, stat, since);
  }

  /** Reads the files that were only crawled, but for those that wait to be scanned. */
  *readAll(isDirty: (path: string) => boolean): Work {
    for (const folder of this.index.folders) {
      for (const name of [...folder.files.keys()]) {
        const path = childOf(folder.path, name);
        if (!isDirty(path)) this.#readLazily(folder, name, path);
        yield;
      }
    }
  }

  #readLazily(folder: Folder, name: string, path: string): void {
    if (!this.index.isUnread(folder, name)) return;
    const stat = this.#statOf(path);
    const content = this.#contentOf(path, stat);
    const after = this.#statOf(path);
    if (content !== null && after !== null) this.index.keepRead(folder, name, after, content);
  }

  /** Of a link for a folder it is where that leads to. */
  #contentOf(path: string, stat: Stat | null): bigint | null {
    if (stat?.kind === "file") return readContent(this.platform, path, stat);
    const [, real] = stat?.kind === "symlink" ? this.#targetOf(path) : [];
    return real ? linkContent(this.platform, real) : null;
  }

  /** What can be said of a file without reading it. */
  freshness(folder: Folder, name: string, path: string): Freshness {
    return this.index.freshness(folder, name, this.#statOf(path));
  }

  /** What the fingerprint of a file is made of: its target's where it is a link, but the link's for a folder. */
  #statOf(path: string): Stat | null {
    const link = lstatOrNull(this.platform, path);
    if (link?.kind !== "symlink") return link;
    const [target, real] = this.#targetOf(path);
    return target?.kind === "directory" || (target && this.pseudo.holds(real, target))
      ? link
      : target;
  }

  #compareFolder(
    folder: Folder,
    name: string,
    path: string,
    stat: Stat | null,
    next: Start[],
  ): void {
    const known = this.index.folder(path);
    const isKnown = known !== undefined && !known.isParentWatch;
    const isStill = isKnown && known.inode === stat?.inode;
    if (isKnown && !isStill) this.index.removeFolder(path);
    this.index.addFolderName(folder, name);
    if (isStill) return;
    next.push({ path, real: null, rules: folder.rules, outer: folder.chain });
  }

  #compareLink(
    folder: Folder,
    name: string,
    path: string,
    link: Stat | null,
    since: number,
    next: Start[],
  ): void {
    const [target, real] = this.#targetOf(path);
    const known = this.index.folder(path);
    if (target?.kind === "directory" && known?.real === real && known?.inode === target.inode) {
      return this.index.addFolderName(folder, name);
    }
    if (known !== undefined && folder.folders.has(name)) this.index.removeFolder(path);
    if (link === null || target === null || real === null) {
      this.symlinks.lose(path, targetChain(this.platform, path, null), known?.real);
      this.index.removeFile(folder, name);
      return;
    }
    const isPseudo = this.pseudo.holds(real, target);
    const hops = isPseudo ? [] : targetChain(this.platform, path, real);
    if (isPseudo) {
      this.symlinks.set(path, null, hops);
      this.#compareLinkItself(folder, name, link, real, since);
    } else if (target.kind !== "directory") {
      this.symlinks.set(path, target.kind === "file" ? real : null, hops);
      const isSwitched = hasChangedSince(link, since);
      this.#compareFile(folder, name, path, target, isSwitched ? Math.min(since, 0) : since);
    } else if (this.symlinks.isCovered(path, real, (at) => this.index.folder(at) !== undefined)) {
      this.symlinks.set(path, null, hops);
      this.#compareLinkItself(folder, name, link, real, since);
    } else {
      this.symlinks.set(path, null, hops);
      this.symlinks.follow(path, real);
      this.index.removeFile(folder, name);
      this.index.addFolderName(folder, name);
      next.push({ path, real, rules: folder.rules, outer: folder.chain });
    }
  }

  /** A link that is not followed. */
  #compareLinkItself(folder: Folder, name: string, link: Stat, real: string, since: number): void {
    this.index.compare(folder, name, link, since, () => linkContent(this.platform, real));
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
    if (stat?.kind !== "file") return this.index.removeFile(folder, name);
    this.index.compare(folder, name, stat, since, () => readContent(this.platform, path, stat));
  }
}
