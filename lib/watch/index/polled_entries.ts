import { childOf, nameOf, parentOf } from "../../paths/path.ts";
import type { Filter } from "../ignore/filter.ts";
import type { Symlinks } from "../symlinks/symlinks.ts";
import type { Comparison } from "./comparison.ts";
import type { FileIndex } from "./file_index.ts";
import type { Freshness } from "./fingerprints.ts";

/** What is polled in a folder, and what can be said of it without reading it. */
export class PolledEntries {
  constructor(
    private readonly filter: Filter,
    private readonly index: FileIndex,
    private readonly comparison: Comparison,
    private readonly symlinks: Symlinks,
  ) {}

  /** The names of the entries in one folder that count, say what counts, or are led to from elsewhere. */
  namesIn(path: string): Iterable<string> {
    const names = this.index.namesIn(path);
    const others = this.index.closedIn(path);
    if (this.index.folder(path)?.isParentWatch) {
      const targets = this.symlinks.targets().filter((target) => parentOf(target) === path);
      others.push(...targets.map(nameOf));
    }
    return others.length === 0 ? names : new Set([...names, ...others]);
  }

  freshness(path: string, name: string): Freshness {
    const folder = this.index.folder(path);
    if (folder === undefined) return "same";
    const entry = childOf(path, name);
    // A root that is a link, or is gone, leads to itself.
    const links = folder.isParentWatch ? this.symlinks.leadingTo(entry) : [];
    for (const file of [entry, ...links]) {
      const holder = this.index.folder(parentOf(file));
      if (holder?.files.has(nameOf(file))) {
        return this.comparison.freshness(holder, nameOf(file), file);
      }
    }
    return this.filter.ignoreFiles.isStale(folder.chain, path, name) ? "changed" : "same";
  }
}
