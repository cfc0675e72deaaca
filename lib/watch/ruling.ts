import type { Comparison, Start } from "./comparison.ts";
import type { Filter } from "./filter.ts";
import type { Links } from "./links.ts";
import { childOf, nameOf, parentOf } from "./location.ts";
import type { Folder, Picture } from "./picture.ts";
import type { Root } from "./roots.ts";
import type { Survey } from "./survey.ts";
import type { Work } from "./slices.ts";

/** Brings the picture in line with ignore files that have changed: some files count no longer, others now do. */
export class Ruling {
  /** Folders whose ignore files have changed. */
  readonly #changed = new Set<string>();

  constructor(
    private readonly roots: readonly Root[],
    private readonly filter: Filter,
    private readonly picture: Picture,
    private readonly comparison: Comparison,
    private readonly links: Links,
    private readonly survey: Survey,
  ) {}

  get isDue(): boolean {
    return this.#changed.size > 0;
  }

  /** `path` has changed. */
  note(path: string): void {
    if (this.filter.isIgnoreFile(nameOf(path))) this.noteIn(parentOf(path));
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
      if (this.picture.folders.get(folder.path) !== folder) continue;
      if (this.survey.isLeftOut(folder)) {
        this.picture.removeFolder(folder.path, false);
        continue;
      }
      folder.chain = this.filter.inside(this.#outside(folder.path), folder.path);
      for (const name of [...folder.files.keys()]) {
        if (this.comparison.countsAsIs(folder, childOf(folder.path, name))) continue;
        this.links.delete(childOf(folder.path, name));
        this.picture.removeFile(folder, name, false);
      }
      for (const name of [...folder.folders]) {
        const inner = childOf(folder.path, name);
        if (this.comparison.countsAsIs(folder, inner)) stack.push(...this.#known(inner));
        else this.picture.removeFolder(inner, false);
      }
      yield* this.survey.reread(folder, sinceCtimeMs, next);
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
    const folder = this.picture.folders.get(path);
    return folder === undefined || folder.isAnchor ? [] : [folder];
  }

  #outside(path: string) {
    const parent = this.picture.folders.get(parentOf(path));
    const isRoot = this.comparison.isAskedFor(path) || parent === undefined;
    return isRoot ? this.filter.outside(path) : parent.chain;
  }
}
