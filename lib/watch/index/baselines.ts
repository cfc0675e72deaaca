import { type Content, isBare, isSame } from "./content.ts";

/** What differs from a baseline. */
export interface Difference {
  /** In no order. */
  readonly paths: string[];
  /** Some file is gone or empty: a save may be half-way. */
  readonly halfway: boolean;
  /** Some file was written, and holds what it held: who read it in between may have read something else. */
  readonly rewritten: boolean;
}

/**
 * Snapshots of the index, each kept as what has changed since: the first time that a path is written after a
 * baseline was taken, its old content is kept for that baseline. It costs nothing until something is written, and
 * nothing for what came and went: a temporary file, gone again, is as unknown as it was.
 */
export class Baselines<Name> {
  readonly #baselines = new Map<Name, Map<string, Content>>();
  readonly #now: (path: string) => Content;

  /** `now` is what the index knows of a path. */
  constructor(now: (path: string) => Content) {
    this.#now = now;
  }

  /** Takes the baseline of this name anew: nothing differs from it now. */
  take(name: Name): void {
    this.#baselines.set(name, new Map());
  }

  forget(name: Name): void {
    this.#baselines.delete(name);
  }

  /** Takes the one baseline as the other was taken. */
  copy(from: Name, name: Name): void {
    this.#baselines.set(name, new Map(this.#baselines.get(from)));
  }

  /** In the one baseline, the path holds what it held when the other was taken. */
  adopt(name: Name, from: Name, path: string): void {
    const kept = this.#baselines.get(name);
    const [held, now] = [this.held(from, path), this.#now(path)];
    if (isSame(held, now)) kept?.delete(path);
    else kept?.set(path, held);
  }

  /** `path` was written; it held `old`, and may hold that again. */
  moved(path: string, old: Content): void {
    for (const kept of this.#baselines.values()) {
      if (!kept.has(path)) kept.set(path, old);
      else if (kept.get(path) === null && this.#now(path) === null) kept.delete(path);
    }
  }

  /** The path no longer counts, for no baseline. */
  drop(path: string): void {
    for (const kept of this.#baselines.values()) kept.delete(path);
  }

  /** Whether it is not known that something was at this path, which was written since. */
  isNew(name: Name, path: string): boolean {
    return (this.#baselines.get(name)?.get(path) ?? null) === null;
  }

  has(name: Name): boolean {
    return this.#baselines.has(name);
  }

  /** What the path held when the baseline was taken; what it holds now where there is none. */
  held(name: Name, path: string): Content {
    const kept = this.#baselines.get(name);
    return kept?.has(path) ? kept.get(path) : this.#now(path);
  }

  /** Paths that were written since, whatever they hold now. */
  written(name: Name): string[] {
    return [...this.#baselines.get(name)?.keys() ?? []];
  }

  /** Whether every path held the same when the one was taken as when the other was. */
  areSame(one: Name, other: Name): boolean {
    const [a, b] = [this.#baselines.get(one), this.#baselines.get(other)];
    if (a === undefined || b === undefined) return false;
    return [...a.keys(), ...b.keys()]
      .every((path) => this.held(one, path) === this.held(other, path));
  }

  difference(name: Name): Difference {
    const paths: string[] = [];
    let halfway = false;
    let rewritten = false;
    for (const [path, old] of this.#baselines.get(name) ?? []) {
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
