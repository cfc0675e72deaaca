import type { Platform } from "../platform/platform.ts";
import { IgnoreChain, IgnoreRules } from "./ignore_rules.ts";
import { parentOf } from "./location.ts";
import { lookThrough } from "./look.ts";
import type { Folder, Picture } from "./picture.ts";

/**
 * Folders that are watched for the sake of single entries only: of a file that was asked for by name, of a
 * root that is gone or is a link, of the target of a link, of an ignore file above a root.
 */
export class Anchors {
  constructor(
    private readonly platform: Platform,
    private readonly picture: Picture,
    private readonly observer: { appeared(folders: readonly string[]): void },
  ) {}

  /** The folder at `path`, watched from here on. */
  at(path: string): Folder {
    const known = this.picture.folders.get(path);
    const inode = lookThrough(this.platform, path)?.inode ?? 0;
    if (known !== undefined && (!known.isAnchor || known.inode === inode)) return known;
    if (known !== undefined) this.picture.removeFolder(path);
    const [files, folders] = [new Map<string, number>(), new Set<string>()];
    const rules = { globs: new IgnoreRules(path, [], false), chain: new IgnoreChain() };
    const found = { path, real: null, inode, isAnchor: true, files, folders, listedMtimeMs: NaN };
    const folder = { ...found, ...rules };
    this.picture.folders.set(path, folder);
    this.observer.appeared([path]);
    return folder;
  }

  /** The nearest folder above `path` that is there, watched from here on: it sees the next one come. */
  above(path: string): Folder {
    for (;;) {
      let nearest = parentOf(path);
      while (this.isGone(nearest) && nearest !== "/") nearest = parentOf(nearest);
      const folder = this.at(nearest);
      if (!this.isGone(nearest)) return folder;
      this.picture.removeFolder(nearest);
    }
  }

  /** False where nobody may look. */
  isGone(folder: string): boolean {
    const stat = lookThrough(this.platform, folder);
    return stat !== undefined && stat?.kind !== "directory";
  }
}
