import type { Platform } from "../../platform/platform.ts";
import type { ParentWatches } from "./parent_watches.ts";
import type { Start } from "./comparison.ts";
import type { Filter } from "../ignore/filter.ts";
import type { Symlinks } from "../symlinks/symlinks.ts";
import { nameOf, parentOf } from "../../paths/path.ts";
import { realPathOrNull, statOrNull } from "../../paths/lookup.ts";
import type { FileIndex } from "./file_index.ts";
import type { Root } from "../roots.ts";
import type { Crawler } from "./crawler.ts";
import type { PseudoFolders } from "./pseudo_folders.ts";
import { symlinkChain } from "../symlinks/symlink_chain.ts";

/** Looks at what was asked for by name: a folder or a file, or a link, which may be gone and come back. */
export class RootScan {
  constructor(
    private readonly platform: Platform,
    private readonly roots: readonly Root[],
    private readonly filter: Filter,
    private readonly index: FileIndex,
    private readonly symlinks: Symlinks,
    private readonly parentWatches: ParentWatches,
    private readonly crawler: Crawler,
    private readonly pseudo: PseudoFolders,
    private readonly onGone: () => void,
  ) {}

  /** Folders that are new are added to `next`; for `sinceCtimeMs` see `FileIndex.compare`. */
  scanAll(sinceCtimeMs: number, next: Start[]): void {
    for (const root of this.roots) {
      for (const folder of this.filter.ignoreFiles.foldersAbove(root.path)) {
        this.parentWatches.at(folder);
      }
      this.scan(root, sinceCtimeMs, next);
    }
  }

  scan(root: Root, sinceCtimeMs: number, next: Start[]): void {
    const { path } = root;
    const stat = statOrNull(this.platform, path);
    if (stat === undefined) return void this.parentWatches.above(path); // What is known of it stays.
    if (stat?.kind === "directory" && !this.pseudo.isShown(stat)) {
      return this.#scanFolder(root, stat.inode, next);
    }
    const known = this.index.folder(path);
    if (known !== undefined) this.index.removeFolder(path);
    const hops = this.#hopsTo(root, null);
    if (stat === null) {
      this.symlinks.lose(path, hops);
      this.onGone();
    } else this.symlinks.set(path, null, hops);
    const parent = this.parentWatches.above(path);
    if (parent.path !== parentOf(path)) this.index.removeFolder(parentOf(path));
    else this.crawler.compareEntry(parent, nameOf(path), next, sinceCtimeMs);
  }

  #scanFolder(root: Root, inode: number, next: Start[]): void {
    const { path } = root;
    const real = realPathOrNull(this.platform, path);
    if (real === null) return; // It went just now; that has an event.
    if (real !== path) this.parentWatches.at(parentOf(path));
    this.symlinks.set(path, real === path ? null : real, this.#hopsTo(root, real));
    const known = this.index.folder(path);
    if (known !== undefined && !known.isParentWatch && known.inode === inode) return;
    this.index.removeFolder(path);
    this.symlinks.follow(path, real);
    const outer = this.filter.ignoreFiles.outside(path);
    next.push({ path, real: null, rules: this.filter.rulesOf(root), outer });
  }

  #hopsTo({ path, above }: Root, real: string | null): string[] {
    return [...symlinkChain(this.platform, path, real), ...above];
  }
}
