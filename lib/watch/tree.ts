import type { Platform } from "../platform/platform.ts";
import { ParentWatches } from "./index/parent_watches.ts";
import { Comparison, type Start } from "./index/comparison.ts";
import type { Filter } from "./ignore/filter.ts";
import { Symlinks } from "./symlinks/symlinks.ts";
import { isWithin, nameOf, parentOf } from "../paths/path.ts";
import { statOrNull } from "../paths/lookup.ts";
import { hasRemoval } from "./index/removals.ts";
import { FileIndex, type FileIndexObserver, type Folder } from "./index/file_index.ts";
import { PolledEntries } from "./index/polled_entries.ts";
import { PseudoFolders } from "./index/pseudo_folders.ts";
import { RootScan } from "./index/root_scan.ts";
import type { Root } from "./roots.ts";
import { IgnoreReload } from "./ignore/ignore_reload.ts";
import type { Work } from "./slices.ts";
import { ALWAYS, Crawler, type CrawlerObserver, NEVER } from "./index/crawler.ts";

export type TreeObserver = FileIndexObserver & CrawlerObserver;

/** Everything under the roots: crawled at first, and scanned where it was touched. */
export class Tree {
  readonly index: FileIndex;
  readonly polled: PolledEntries;
  readonly #symlinks = new Symlinks();
  readonly #parentWatches: ParentWatches;
  readonly #comparison: Comparison;
  readonly #crawler: Crawler;
  readonly #ignoreReload: IgnoreReload;
  readonly #rootScan: RootScan;
  readonly #roots: readonly Root[];
  readonly #platform: Platform;
  readonly #filter: Filter;
  readonly #observer: TreeObserver;
  /** A folder came, went or switched: links may lead elsewhere, missing roots may be back. */
  #isReshaped = false;

  constructor(platform: Platform, filter: Filter, roots: readonly Root[], observer: TreeObserver) {
    this.#platform = platform;
    this.#filter = filter;
    this.#roots = roots;
    this.#observer = observer;
    const isAskedFor = (path: string) => roots.some((root) => root.path === path);
    this.index = new FileIndex(platform, {
      moved: (path, old) => {
        this.#ignoreReload.note(path);
        observer.moved(path, old);
      },
      dropped: (path) => observer.dropped(path),
      vanished: (folder) => {
        this.#isReshaped = true;
        this.#symlinks.unfollow(folder);
        observer.vanished(folder);
      },
    });
    const pseudo = new PseudoFolders(platform, roots.map(({ path }) => path));
    const found = [this.index, this.#symlinks, pseudo] as const;
    this.#comparison = new Comparison(platform, filter, ...found, isAskedFor);
    this.#crawler = new Crawler(platform, filter, this.index, this.#comparison, pseudo, {
      appeared: (folders) => {
        this.#isReshaped = true;
        observer.appeared(folders);
      },
      unreadable: (error) => observer.unreadable(error),
    });
    this.polled = new PolledEntries(filter, this.index, this.#comparison, this.#symlinks);
    this.#parentWatches = new ParentWatches(platform, this.index, observer);
    const about = [this.index, this.#comparison, this.#symlinks, this.#crawler] as const;
    this.#ignoreReload = new IgnoreReload(roots, filter, ...about);
    const through = [this.index, this.#symlinks, this.#parentWatches, this.#crawler] as const;
    this.#rootScan = new RootScan(platform, roots, filter, ...through, pseudo, () => {
      this.#isReshaped = true;
    });
  }

  /** The paths to scan when `path` was touched: itself where it counts, and links that lead to it. */
  affected(path: string): string[] {
    const links = this.#symlinks.leadingTo(path);
    return this.#counts(path) ? [path, ...links] : links;
  }

  /**
   * Crawls all roots; `onWatched` is told how many files there are, as soon as every change has an event. For
   * `sinceCtimeMs` see `FileIndex.compare`.
   */
  *crawl(sinceCtimeMs: number, onWatched: (files: number, watchedAt: number) => void): Work {
    const starts: Start[] = [];
    this.#rootScan.scanAll(sinceCtimeMs, starts);
    const named = this.index.fileCount;
    const onFound = (found: number, at: number) => onWatched(named + found, at);
    yield* this.#crawler.load(starts.splice(0), sinceCtimeMs, onFound);
    this.#watchTargets(starts);
    yield* this.#crawler.load(starts, sinceCtimeMs);
    for (const folder of this.index.folders) {
      // Nobody knows the name of what went: the folder stands for it.
      if (hasRemoval(this.#platform, this.#filter, folder, sinceCtimeMs)) {
        this.#observer.moved(folder.path, undefined);
      }
      yield;
    }
    yield* this.#applyRules(sinceCtimeMs);
    this.#isReshaped = false;
  }

  /** Scans the paths; what is found there for the first time and older than `sinceCtimeMs` is no news. */
  *scan(paths: ReadonlySet<string>, sinceCtimeMs: number): Work {
    const starts: Start[] = [];
    for (const path of paths) {
      yield* this.#scanPath(path, starts);
      yield;
    }
    for (const link of this.#symlinks.unresolved()) this.#compareEntry(link, starts);
    yield* this.#crawler.load(starts.splice(0), ALWAYS);
    if (this.#isReshaped) yield* this.#scanRootsAndLinks(starts);
    for (const path of paths) this.#ignoreReload.note(path);
    yield* this.#applyRules(sinceCtimeMs);
  }

  /** Leaves out a file that the program writes, unless it was asked for; returns whether it does. */
  leaveOut(path: string): boolean {
    const folder = this.index.folder(parentOf(path));
    if (folder === undefined || this.#comparison.isAskedFor(path)) return false;
    if (!this.#filter.addOutput(path, folder.rules)) return false;
    this.index.removeFile(folder, nameOf(path), false);
    return true;
  }

  /** Reads the files that were only crawled, but for those that wait to be scanned. */
  readAll(isDirty: (path: string) => boolean): Work {
    return this.#comparison.readAll(isDirty);
  }

  /** Scans the folders that had entries come or go since they were listed: not all of that has an event. */
  *scanStale(): Work {
    const starts: Start[] = [];
    for (const folder of this.index.folders) {
      if (!this.index.holds(folder)) continue;
      const stat = statOrNull(this.#platform, folder.path);
      if (stat && stat.inode !== folder.inode) yield* this.#scanPath(folder.path, starts);
      else if (!this.#crawler.isStill(folder, stat)) {
        yield* this.#crawler.reread(folder, ALWAYS, starts);
      }
      yield;
    }
    yield* this.#crawler.load(starts.splice(0), ALWAYS);
    if (this.#isReshaped) yield* this.#scanRootsAndLinks(starts);
    yield* this.#applyRules(NEVER);
  }

  /** Scans everything, the ignore files too: events were lost. */
  *recrawl(): Work {
    this.#ignoreReload.noteAll();
    yield* this.#applyRules(ALWAYS);
    yield* this.#scanRootsAndLinks([]);
  }

  *#scanRootsAndLinks(starts: Start[]): Work {
    this.#isReshaped = false;
    this.#rootScan.scanAll(ALWAYS, starts);
    for (const link of this.#symlinks.all()) {
      const isIn = this.index.folder(parentOf(link)) !== undefined;
      if (isIn || this.#comparison.isAskedFor(link)) this.#compareEntry(link, starts);
      else this.#symlinks.delete(link);
    }
    this.#watchTargets(starts);
    this.#parentWatches.sweep();
    yield* this.#crawler.load(starts, ALWAYS);
  }

  *#scanPath(touched: string, starts: Start[]): Work {
    let path = touched;
    while (this.#parentWatches.isGone(parentOf(path)) && parentOf(path) !== path) {
      path = parentOf(path);
    }
    for (const root of this.#roots) {
      if (isWithin(root.path, path)) this.#rootScan.scan(root, ALWAYS, starts);
    }
    this.#compareEntry(path, starts);
    const known = this.index.folder(path);
    if (known === undefined) return;
    if (known.isParentWatch) return this.#scanParentWatch(known);
    const isStale = this.#filter.ignoreFiles.hasStaleFile(known.chain, path);
    if (isStale || this.#crawler.isLeftOut(known)) this.#ignoreReload.noteIn(path);
    this.#watchAgain(path);
    yield* this.#crawler.reread(known, ALWAYS, starts);
  }

  /** A parent watch that had an event is gone, or what is seen through it may have had none. */
  #scanParentWatch({ path }: Folder): void {
    this.#isReshaped = true;
    if (this.#parentWatches.isGone(path)) this.index.removeFolder(path);
    else this.#watchAgain(path);
  }

  /** The number of an inode is given again: what had an event may be another folder by now. */
  #watchAgain(path: string): void {
    this.#observer.vanished(path);
    this.#observer.appeared([path]);
  }

  #compareEntry(path: string, starts: Start[]): void {
    const parent = this.index.folder(parentOf(path));
    if (parent === undefined || this.#comparison.isAskedFor(path)) return;
    const kind = this.#crawler.compareEntry(parent, nameOf(path), starts);
    if (kind === "symlink") this.#isReshaped = true;
  }

  /** What a link leads to out of the tree, or led to, is seen through the folder it is in, or was. */
  #watchTargets(starts: Start[]): void {
    for (const target of this.#symlinks.targets()) {
      const known = this.index.folder(parentOf(target));
      if (this.#parentWatches.above(target) === known) continue;
      for (const link of this.#symlinks.leadingTo(target)) this.#compareEntry(link, starts);
    }
  }

  #counts(path: string): boolean {
    if (this.index.folder(path) !== undefined) return true;
    if (this.#roots.some((root) => isWithin(root.path, path))) return true;
    const folder = this.index.folder(parentOf(path));
    if (folder === undefined) return false;
    if (folder.files.has(nameOf(path))) return true;
    if (this.#filter.ignoreFiles.isIgnoreFile(nameOf(path))) return true;
    return this.#comparison.countsAsIs(folder, path);
  }

  *#applyRules(sinceCtimeMs: number): Work {
    if (!this.#ignoreReload.isDue) return;
    const starts: Start[] = [];
    yield* this.#ignoreReload.apply(sinceCtimeMs, starts);
    // A root that is in a folder that is ignored by now counts all the same.
    for (const root of this.#roots) this.#rootScan.scan(root, sinceCtimeMs, starts);
    yield* this.#crawler.load(starts, sinceCtimeMs);
  }
}
