import { type Content, isBare, isSame } from "./content.ts";

/** What differs from a marked moment. */
export interface Difference {
  /** In no order. */
  readonly paths: string[];
  /** Some file is gone or empty: a save may be half-way. */
  readonly halfway: boolean;
  /** Some file was written, and holds what it held: who read it in between may have read something else. */
  readonly rewritten: boolean;
}

/**
 * Remembers marked moments of the picture by what has moved since: the first time a path moves after a
 * mark, its old content is kept for that mark. A mark costs nothing until something moves, and nothing
 * for what came and went: a temporary file, gone again, is as unknown as it was.
 */
export class Overlays<Mark> {
  readonly #marks = new Map<Mark, Map<string, Content>>();
  readonly #now: (path: string) => Content;

  /** `now` is what the picture knows of a path. */
  constructor(now: (path: string) => Content) {
    this.#now = now;
  }

  mark(mark: Mark): void {
    this.#marks.set(mark, new Map());
  }

  forget(mark: Mark): void {
    this.#marks.delete(mark);
  }

  /** `path` was written; it held `old`, and may hold that again. */
  moved(path: string, old: Content): void {
    for (const kept of this.#marks.values()) {
      if (!kept.has(path)) kept.set(path, old);
      else if (kept.get(path) === null && this.#now(path) === null) kept.delete(path);
    }
  }

  /** The path no longer counts, for no mark. */
  drop(path: string): void {
    for (const kept of this.#marks.values()) kept.delete(path);
  }

  /** Paths that were written since, whatever they hold now. */
  written(mark: Mark): string[] {
    return [...this.#marks.get(mark)?.keys() ?? []];
  }

  difference(mark: Mark): Difference {
    const paths: string[] = [];
    let halfway = false;
    let rewritten = false;
    for (const [path, old] of this.#marks.get(mark) ?? []) {
      const content = this.#now(path);
      if (isSame(old, content)) {
        rewritten ||= content !== null;
        continue;
      }
      paths.push(path);
      halfway ||= isBare(content) && old !== null;
    }
    return { paths, halfway, rewritten };
  }
}
