import { isWithin } from "./location.ts";

/** The symbolic links that are watched, and where they lead. */
export class Links {
  readonly #targets = new Map<string, string | null>();
  readonly #leadingTo = new Map<string, Set<string>>();
  readonly #followed = new Map<string, string>();

  /** `target` is the real path of the file it leads to; null where it leads nowhere or to a folder. */
  set(link: string, target: string | null): void {
    this.delete(link);
    this.#targets.set(link, target);
    if (target === null) return;
    const links = this.#leadingTo.get(target) ?? new Set();
    this.#leadingTo.set(target, links.add(link));
  }

  delete(link: string): void {
    const target = this.#targets.get(link) ?? null;
    this.#targets.delete(link);
    if (target === null) return;
    const links = this.#leadingTo.get(target);
    links?.delete(link);
    if (links?.size === 0) this.#leadingTo.delete(target);
  }

  /** The links that lead to this file. */
  leadingTo(path: string): Iterable<string> {
    return this.#leadingTo.get(path) ?? [];
  }

  all(): string[] {
    return [...this.#targets.keys()];
  }

  /** The links that lead to no file; where they lead to may come at any time. */
  unresolved(): string[] {
    return this.all().filter((link) => this.#targets.get(link) === null);
  }

  /** The files that links lead to. */
  targets(): string[] {
    return [...this.#leadingTo.keys()];
  }

  /** The folder at `path`, a root or a link, is walked; it is really at `real`. */
  follow(path: string, real: string): void {
    this.#followed.set(path, real);
  }

  unfollow(path: string): void {
    this.#followed.delete(path);
  }

  /** Whether a link that leads here need not be followed: the folder is watched by another name, or is above. */
  isCovered(real: string, folders: ReadonlyMap<string, unknown>): boolean {
    for (const [path, top] of this.#followed) {
      if (isWithin(top, real)) return true;
      if (isWithin(real, top) && folders.has(path + real.slice(top.length))) return true;
    }
    return false;
  }
}
