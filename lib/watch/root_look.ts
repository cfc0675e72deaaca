import type { Platform } from "../platform/platform.ts";
import type { Anchors } from "./anchors.ts";
import type { Start } from "./comparison.ts";
import type { Filter } from "./filter.ts";
import type { Links } from "./links.ts";
import { nameOf, parentOf } from "./location.ts";
import { lookThrough, realPathOf } from "./look.ts";
import type { Picture } from "./picture.ts";
import type { Root } from "./roots.ts";
import type { Survey } from "./survey.ts";
import { linksOnTheWay } from "./way.ts";

/** Looks at what was asked for by name: a folder or a file, or a link, which may be gone and come back. */
export class RootLook {
  constructor(
    private readonly platform: Platform,
    private readonly roots: readonly Root[],
    private readonly filter: Filter,
    private readonly picture: Picture,
    private readonly links: Links,
    private readonly anchors: Anchors,
    private readonly survey: Survey,
    private readonly onGone: () => void,
  ) {}

  /** Folders that are new are added to `next`; for `sinceCtimeMs` see `Picture.compare`. */
  lookAtAll(sinceCtimeMs: number, next: Start[]): void {
    for (const root of this.roots) {
      for (const folder of this.filter.foldersAbove(root.path)) this.anchors.at(folder);
      this.lookAt(root, sinceCtimeMs, next);
    }
  }

  lookAt(root: Root, sinceCtimeMs: number, next: Start[]): void {
    const { path } = root;
    const stat = lookThrough(this.platform, path);
    if (stat === undefined) return void this.anchors.above(path); // What is known of it stays.
    if (stat?.kind === "directory") return this.#lookAtFolder(root, stat.inode, next);
    const known = this.picture.folders.get(path);
    if (known !== undefined) this.picture.removeFolder(path);
    const way = this.#wayTo(root, null);
    if (stat === null) {
      this.links.lose(path, way);
      this.onGone();
    } else this.links.set(path, null, way);
    const parent = this.anchors.above(path);
    if (parent.path !== parentOf(path)) this.picture.removeFolder(parentOf(path));
    else this.survey.look(parent, nameOf(path), next, sinceCtimeMs);
  }

  #lookAtFolder(root: Root, inode: number, next: Start[]): void {
    const { path } = root;
    const real = realPathOf(this.platform, path);
    if (real === null) return; // It went just now; that has an event.
    if (real !== path) this.anchors.at(parentOf(path));
    this.links.set(path, real === path ? null : real, this.#wayTo(root, real));
    const known = this.picture.folders.get(path);
    if (known !== undefined && !known.isAnchor && known.inode === inode) return;
    this.picture.removeFolder(path);
    this.links.follow(path, real);
    const outer = this.filter.outside(path);
    next.push({ path, real: null, globs: this.filter.globs(path), outer });
  }

  #wayTo({ path, above }: Root, real: string | null): string[] {
    return [...linksOnTheWay(this.platform, path, real), ...above];
  }
}
