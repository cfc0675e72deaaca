import type { Comparison, Start } from "../index/comparison.ts";
import type { Filter } from "./filter.ts";
import type { Symlinks } from "../symlinks/symlinks.ts";
import { childOf, nameOf, parentOf } from "../../paths/path.ts";
import type { FileIndex, Folder } from "../index/file_index.ts";
import type { Root } from "../roots.ts";
import type { Crawler } from "../index/crawler.ts";
import type { Work } from "../slices.ts";

/** Brings the index in line with ignore files that have changed: some files count no longer, others now do. */
export class IgnoreReload {
  /** Folders whose ignore files have changed. */
  readonly #changed = new Set<string>();

  constructor(
    private readonly roots: readonly Root[],
    private readonly filter: Filter,
    private readonly index: FileIndex,
    private readonly comparison: Comparison,
    private readonly symlinks: Symlinks,
    private readonly crawler: Crawler,
  ) {}

  get isDue(): boolean {
    return this.#changed.size > 0;
  }

  /** `path` has changed. */
  note(path: string): void {
    if (this.filter.ignoreFiles.isIgnoreFile(nameOf(path))) this.noteIn(parentOf(path));
  }

  /** An ignore file in `folder` has changed. */
  noteIn(folder: string): void {
    this.#changed.add(folder);
  }

  /** Any ignore file may have changed. */
  noteAll(): void {
    for (const { path } of this.roots) this.#changed.add(path);
  }

  /** Compares the folders in question and all below them; new folders are added to `next`. */
  *apply(sinceCtimeMs: number, next: Start[]): Work {
    const stack = this.#tops();
    this.#changed.clear();
    for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
      if (!this.index.holds(folder)) continue;
      if (this.crawler.isLeftOut(folder)) {
        this.index.removeFolder(folder.path, false);
        continue;
      }
      folder.chain = this.filter.ignoreFiles.inside(this.#outside(folder.path), folder.path);
      for (const name of [...folder.files.keys()]) {
        if (this.comparison.countsAsIs(folder, childOf(folder.path, name))) continue;
        this.symlinks.delete(childOf(folder.path, name));
        this.index.removeFile(folder, name, false);
      }
      for (const name of [...folder.folders]) {
        const inner = childOf(folder.path, name);
        if (this.comparison.countsAsIs(folder, inner)) stack.push(...this.#known(inner));
        else this.index.removeFolder(inner, false);
      }
      yield* this.crawler.reread(folder, sinceCtimeMs, next);
    }
  }

  /** All roots where an ignore file is above them. */
  #tops(): Folder[] {
    const changed = [...this.#changed];
    const isInside = changed.every((path) => this.#known(path).length > 0);
    const tops = isInside ? changed : this.roots.map(({ path }) => path);
    return tops.flatMap((path) => this.#known(path));
  }

  #known(path: string): Folder[] {
    const folder = this.index.folder(path);
    return folder === undefined || folder.isParentWatch ? [] : [folder];
  }

  #outside(path: string) {
    const parent = this.index.folder(parentOf(path));
    const isRoot = this.comparison.isAskedFor(path) || parent === undefined;
    return isRoot ? this.filter.ignoreFiles.outside(path) : parent.chain;
  }
}
