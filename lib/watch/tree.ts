import type { Platform } from "../platform/platform.ts";
import { Anchors } from "./anchors.ts";
import { Comparison, type Start } from "./comparison.ts";
import type { Filter } from "./filter.ts";
import type { Verdict } from "./fingerprints.ts";
import { Links } from "./links.ts";
import { childOf, isWithin, nameOf, parentOf } from "./location.ts";
import { look, lookThrough } from "./look.ts";
import { hasLost } from "./losses.ts";
import { type Folder, Picture, type PictureObserver } from "./picture.ts";
import { RootLook } from "./root_look.ts";
import type { Root } from "./roots.ts";
import { Ruling } from "./ruling.ts";
import type { Work } from "./slices.ts";
import { ALWAYS, NEVER, Survey, type SurveyObserver } from "./survey.ts";

export type TreeObserver = PictureObserver & SurveyObserver;

/** The picture of everything under the roots, and how a path that was touched is looked at. */
export class Tree {
  readonly picture: Picture;
  readonly #links = new Links();
  readonly #anchors: Anchors;
  readonly #comparison: Comparison;
  readonly #survey: Survey;
  readonly #ruling: Ruling;
  readonly #rootLook: RootLook;
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
    this.picture = new Picture(platform, {
      moved: (path, old) => {
        this.#ruling.note(path);
        observer.moved(path, old);
      },
      dropped: (path) => observer.dropped(path),
      vanished: (folder) => {
        this.#isReshaped = true;
        this.#links.unfollow(folder);
        observer.vanished(folder);
      },
    });
    this.#comparison = new Comparison(platform, filter, this.picture, this.#links, isAskedFor);
    this.#survey = new Survey(platform, filter, this.picture, this.#comparison, {
      appeared: (folders) => {
        this.#isReshaped = true;
        observer.appeared(folders);
      },
      unreadable: (error) => observer.unreadable(error),
    });
    this.#anchors = new Anchors(platform, this.picture, observer);
    const about = [this.picture, this.#comparison, this.#links, this.#survey] as const;
    this.#ruling = new Ruling(roots, filter, ...about);
    const through = [this.picture, this.#links, this.#anchors, this.#survey] as const;
    this.#rootLook = new RootLook(platform, roots, filter, ...through, () => {
      this.#isReshaped = true;
    });
  }

  /** Folders that are watched for the sake of what is elsewhere, or were reached through a link. */
  get outer(): string[] {
    const folders = [...this.picture.folders.values()];
    return folders.filter(({ isAnchor, real }) => isAnchor || real !== null).map(({ path }) =>
      path
    );
  }

  /** The paths to look at when `path` was touched: itself where it counts, and links that lead to it. */
  affected(path: string): string[] {
    const links = this.#links.leadingTo(path);
    return this.#counts(path) ? [path, ...links] : links;
  }

  /**
   * Takes all roots in; `onWatched` is told how many files there are, as soon as every change has an event.
   * For `sinceCtimeMs` see `Picture.compare`.
   */
  *takeIn(sinceCtimeMs: number, onWatched: (files: number, watchedAt: number) => void): Work {
    const starts: Start[] = [];
    this.#rootLook.lookAtAll(sinceCtimeMs, starts);
    const named = this.picture.files;
    yield* this.#survey.load(
      starts.splice(0),
      sinceCtimeMs,
      (found, at) => onWatched(named + found, at),
    );
    this.#watchTargets(starts);
    yield* this.#survey.load(starts, sinceCtimeMs);
    for (const folder of this.picture.folders.values()) {
      // Nobody knows the name of what went: the folder stands for it.
      if (hasLost(this.#platform, this.#filter, folder, sinceCtimeMs)) {
        this.#observer.moved(folder.path, undefined);
      }
      yield;
    }
    yield* this.#applyRules(sinceCtimeMs);
    this.#isReshaped = false;
  }

  /** Looks at the paths; what is found there for the first time and older than `sinceCtimeMs` is no news. */
  *look(paths: ReadonlySet<string>, sinceCtimeMs: number): Work {
    const starts: Start[] = [];
    for (const path of paths) {
      yield* this.#lookAt(path, starts);
      yield;
    }
    for (const link of this.#links.unresolved()) this.#compare(link, starts);
    yield* this.#survey.load(starts.splice(0), ALWAYS);
    if (this.#isReshaped) yield* this.#lookAgain(starts);
    for (const path of paths) this.#ruling.note(path);
    yield* this.#applyRules(sinceCtimeMs);
  }

  /** Reads the files that were only taken in, but for those that wait to be looked at. */
  readAll(isDirty: (path: string) => boolean): Work {
    return this.#comparison.readAll(isDirty);
  }

  /** The names of the entries in one folder that count, say what counts, or are led to from elsewhere. */
  namesIn(path: string): Iterable<string> {
    const names = this.picture.namesIn(path);
    const others = this.picture.closedIn(path);
    if (this.picture.folders.get(path)?.isAnchor) {
      const targets = this.#links.targets().filter((target) => parentOf(target) === path);
      others.push(...targets.map(nameOf));
    }
    return others.length === 0 ? names : new Set([...names, ...others]);
  }

  /** What can be said of a file without reading it. */
  verdict(path: string, name: string): Verdict {
    const folder = this.picture.folders.get(path);
    if (folder === undefined) return "same";
    const [link] = folder.isAnchor ? this.#links.leadingTo(childOf(path, name)) : [];
    if (link !== undefined) return this.verdict(parentOf(link), nameOf(link));
    if (folder.files.has(name)) return this.#comparison.verdict(folder, name, childOf(path, name));
    return this.#filter.isStale(folder.chain, path, name) ? "other" : "same";
  }

  /** Looks at the folders that had entries come or go since they were listed: not all of that has an event. */
  *lookAtMoved(): Work {
    const starts: Start[] = [];
    for (const folder of [...this.picture.folders.values()]) {
      if (this.picture.folders.get(folder.path) !== folder) continue;
      const stat = lookThrough(this.#platform, folder.path);
      if (stat && stat.inode !== folder.inode) yield* this.#lookAt(folder.path, starts);
      else if (!this.#survey.isStill(folder, stat)) {
        yield* this.#survey.reread(folder, ALWAYS, starts);
      }
      yield;
    }
    yield* this.#survey.load(starts.splice(0), ALWAYS);
    if (this.#isReshaped) yield* this.#lookAgain(starts);
    yield* this.#applyRules(NEVER);
  }

  /** Looks at everything, the ignore files too: events were lost. */
  *lookAtAll(): Work {
    this.#ruling.noteAll();
    yield* this.#applyRules(ALWAYS);
    yield* this.#lookAgain([]);
  }

  *#lookAgain(starts: Start[]): Work {
    this.#isReshaped = false;
    this.#rootLook.lookAtAll(ALWAYS, starts);
    for (const link of this.#links.all()) {
      const isIn = this.picture.folders.has(parentOf(link));
      if (isIn || this.#comparison.isAskedFor(link)) this.#compare(link, starts);
      else this.#links.delete(link);
    }
    this.#watchTargets(starts);
    this.#anchors.sweep();
    yield* this.#survey.load(starts, ALWAYS);
  }

  *#lookAt(touched: string, starts: Start[]): Work {
    let path = touched;
    while (this.#anchors.isGone(parentOf(path)) && parentOf(path) !== path) path = parentOf(path);
    for (const root of this.#roots) {
      if (isWithin(root.path, path)) this.#rootLook.lookAt(root, ALWAYS, starts);
    }
    this.#compare(path, starts);
    const known = this.picture.folders.get(path);
    if (known === undefined) return;
    if (known.isAnchor) return this.#renew(known);
    const isStale = this.#filter.hasStaleFile(known.chain, path);
    if (isStale || this.#survey.isLeftOut(known)) this.#ruling.noteIn(path);
    this.#watchAgain(path);
    yield* this.#survey.reread(known, ALWAYS, starts);
  }

  /** An anchor that had an event is gone, or what is seen through it may have had none. */
  #renew({ path }: Folder): void {
    this.#isReshaped = true;
    if (this.#anchors.isGone(path)) this.picture.removeFolder(path);
    else this.#watchAgain(path);
  }

  /** The number of an inode is given again: what had an event may be another folder by now. */
  #watchAgain(path: string): void {
    this.#observer.vanished(path);
    this.#observer.appeared([path]);
  }

  #compare(path: string, starts: Start[]): void {
    const parent = this.picture.folders.get(parentOf(path));
    if (parent === undefined || this.#comparison.isAskedFor(path)) return;
    if (look(this.#platform, path)?.kind === "symlink") this.#isReshaped = true;
    this.#survey.look(parent, nameOf(path), starts);
  }

  /** What a link leads to out of the tree, or led to, is seen through the folder it is in, or was. */
  #watchTargets(starts: Start[]): void {
    for (const target of this.#links.targets()) {
      const known = this.picture.folders.get(parentOf(target));
      if (this.#anchors.above(target) === known) continue;
      for (const link of this.#links.leadingTo(target)) this.#compare(link, starts);
    }
  }

  #counts(path: string): boolean {
    const { folders } = this.picture;
    if (folders.has(path) || this.#roots.some((root) => isWithin(root.path, path))) return true;
    const folder = folders.get(parentOf(path));
    if (folder === undefined) return false;
    if (folder.files.has(nameOf(path))) return true;
    if (this.#filter.isIgnoreFile(nameOf(path))) return true;
    return this.#comparison.countsAsIs(folder, path);
  }

  *#applyRules(sinceCtimeMs: number): Work {
    if (!this.#ruling.isDue) return;
    const starts: Start[] = [];
    yield* this.#ruling.apply(sinceCtimeMs, starts);
    // A root that is in a folder that is ignored by now counts all the same.
    for (const root of this.#roots) this.#rootLook.lookAt(root, sinceCtimeMs, starts);
    yield* this.#survey.load(starts, sinceCtimeMs);
  }
}
