import type { Platform } from "../platform/platform.ts";
import { IgnoreChain } from "./ignore/ignore_chain.ts";
import { IgnoreRules } from "./ignore/ignore_rules.ts";
import { parentOf } from "./location.ts";
import { lookThrough } from "./look.ts";
import type { Folder, Picture } from "./picture.ts";

/**
 * Folders that are watched for the sake of single entries only: of a file that was asked for by name, of a
 * root that is gone or is a link, of the target of a link, of an ignore file above a root.
 */
export class Anchors {
  readonly #paths = new Set<string>();
  /** Those that were asked for since the last `sweep`. */
  readonly #needed = new Set<string>();

  constructor(
    private readonly platform: Platform,
    private readonly picture: Picture,
    private readonly observer: { appeared(folders: readonly string[]): void },
  ) {}

  /** The folder at `path`, watched from here on. */
  at(path: string): Folder {
    this.#needed.add(path);
    const known = this.picture.folders.get(path);
    const stat = lookThrough(this.platform, path);
    const inode = stat?.inode ?? 0;
    const isStill = stat === undefined || known?.inode === inode;
    if (known !== undefined && (!known.isAnchor || isStill)) return known;
    if (known !== undefined) this.picture.removeFolder(path);
    this.#paths.add(path);
    const [files, folders] = [new Map<string, number>(), new Set<string>()];
    const rules = {
      globs: new IgnoreRules(path, [], { ignoreCase: false }),
      chain: new IgnoreChain(),
    };
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

  /** Lets go of those that nobody has asked for since the last time. */
  sweep(): void {
    for (const path of this.#paths) {
      if (this.#needed.has(path)) continue;
      this.#paths.delete(path);
      if (this.picture.folders.get(path)?.isAnchor) this.picture.removeFolder(path);
    }
    this.#needed.clear();
  }

  /** False where nobody may look. */
  isGone(folder: string): boolean {
    const stat = lookThrough(this.platform, folder);
    return stat !== undefined && stat?.kind !== "directory";
  }
}
