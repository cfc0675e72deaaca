import { type Content, isBare, isSame } from "./content.ts";

/** What differs from a marked moment. */
export interface Difference {
  readonly paths: string[];
  /** Some file is gone or empty: a save may be half-way. */
  readonly halfway: boolean;
}

/**
 * Remembers marked moments of the picture by what has moved since: the first time a path moves after a
 * mark, its old content is kept for that mark. A mark costs nothing until something moves.
 */
export class Overlays<Mark> {
  readonly #marks = new Map<Mark, Map<string, Content>>();

  mark(mark: Mark): void {
    this.#marks.set(mark, new Map());
  }

  forget(mark: Mark): void {
    this.#marks.delete(mark);
  }

  moved(path: string, old: Content): void {
    for (const kept of this.#marks.values()) {
      if (!kept.has(path)) kept.set(path, old);
    }
  }

  /** The path no longer counts, for no mark. */
  drop(path: string): void {
    for (const kept of this.#marks.values()) kept.delete(path);
  }

  difference(mark: Mark, now: (path: string) => Content): Difference {
    const paths: string[] = [];
    let halfway = false;
    for (const [path, old] of this.#marks.get(mark) ?? []) {
      const content = now(path);
      if (isSame(old, content)) continue;
      paths.push(path);
      halfway ||= isBare(content) && old !== null;
    }
    return { paths: paths.sort(), halfway };
  }
}
