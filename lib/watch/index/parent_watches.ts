import type { Platform } from "../../platform/platform.ts";
import { IgnoreChain } from "../ignore/ignore_chain.ts";
import { IgnoreRules } from "../ignore/ignore_rules.ts";
import { parentOf } from "../../paths/path.ts";
import { statOrNull } from "../../paths/lookup.ts";
import type { FileIndex, Folder } from "./file_index.ts";

/**
 * Folders that are watched for the sake of single entries only: of a file that was asked for by name, of a
 * root that is gone or is a link, of the target of a link, of an ignore file above a root.
 */
export class ParentWatches {
  readonly #paths = new Set<string>();
  /** Those that were asked for since the last `sweep`. */
  readonly #needed = new Set<string>();

  constructor(
    private readonly platform: Platform,
    private readonly index: FileIndex,
    private readonly observer: { appeared(folders: readonly string[]): void },
  ) {}

  /** The folder at `path`, watched from here on. */
  at(path: string): Folder {
    this.#needed.add(path);
    const known = this.index.folder(path);
    const stat = statOrNull(this.platform, path);
    const inode = stat?.inode ?? 0;
    const isStill = stat === undefined || known?.inode === inode;
    if (known !== undefined && (!known.isParentWatch || isStill)) return known;
    if (known !== undefined) this.index.removeFolder(path);
    this.#paths.add(path);
    const rules = {
      rules: { ignore: new IgnoreRules(path, [], { ignoreCase: false }), only: null },
      chain: new IgnoreChain(),
    };
    const facts = { path, real: null, inode, isParentWatch: true, listedMtimeMs: NaN };
    const folder = this.index.addFolder({ ...facts, ...rules });
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
      this.index.removeFolder(nearest);
    }
  }

  /** Lets go of those that nobody has asked for since the last time. */
  sweep(): void {
    for (const path of this.#paths) {
      if (this.#needed.has(path)) continue;
      this.#paths.delete(path);
      if (this.index.folder(path)?.isParentWatch) this.index.removeFolder(path);
    }
    this.#needed.clear();
  }

  /** False where nobody may look. */
  isGone(folder: string): boolean {
    const stat = statOrNull(this.platform, folder);
    return stat !== undefined && stat?.kind !== "directory";
  }
}
