import { isWithin } from "../../paths/path.ts";

/** The symbolic links that are watched, and where they lead. */
export class Symlinks {
  readonly #targets = new Map<string, string | null>();
  /** What else decides where they lead. */
  readonly #hops = new Map<string, readonly string[]>();
  readonly #leadingTo = new Map<string, Set<string>>();
  /** Where links led to that lead nowhere now. */
  readonly #lost = new Map<string, string>();
  readonly #followed = new Map<string, string>();

  /**
   * `target` is the real path of the file it leads to, or of a root; null where it leads to another folder. For
   * `hops` see `symlinkChain`.
   */
  set(link: string, target: string | null, hops: readonly string[]): void {
    this.delete(link);
    this.#targets.set(link, target);
    this.#hops.set(link, hops);
    for (const path of this.#pathsOf(link)) {
      const links = this.#leadingTo.get(path) ?? new Set();
      this.#leadingTo.set(path, links.add(link));
    }
  }

  /** It leads nowhere now; what it led to may come back. */
  lose(link: string, hops: readonly string[], folder: string | null = null): void {
    const target = folder ?? this.#targets.get(link) ?? this.#lost.get(link);
    this.set(link, null, hops);
    if (target !== undefined) this.#lost.set(link, target);
  }

  delete(link: string): void {
    this.#lost.delete(link);
    for (const path of this.#pathsOf(link)) {
      const links = this.#leadingTo.get(path);
      links?.delete(link);
      if (links?.size === 0) this.#leadingTo.delete(path);
    }
    this.#targets.delete(link);
    this.#hops.delete(link);
  }

  #pathsOf(link: string): string[] {
    const target = this.#targets.get(link) ?? null;
    const hops = this.#hops.get(link) ?? [];
    return target === null ? [...hops] : [target, ...hops];
  }

  /** The links that lead to this file or by this link, or led to it, or to what was below it. */
  leadingTo(path: string): string[] {
    const lost = [...this.#lost].filter(([, target]) => isWithin(target, path));
    return [...this.#leadingTo.get(path) ?? [], ...lost.map(([link]) => link)];
  }

  all(): string[] {
    return [...this.#targets.keys()];
  }

  /** The links that lead to no file; where they lead to may come at any time. */
  unresolved(): string[] {
    return this.all().filter((link) => this.#targets.get(link) === null);
  }

  /** The files that links lead to, and what others led to; what is on the way to them. */
  targets(): string[] {
    return [...this.#leadingTo.keys(), ...this.#lost.values()];
  }

  /** The folder at `path`, a root or a link, is walked; it is really at `real`. */
  follow(path: string, real: string): void {
    this.#followed.set(path, real);
  }

  unfollow(path: string): void {
    this.#followed.delete(path);
  }

  /** Whether a link that leads here need not be followed: it leads above itself, or the folder is watched already. */
  isCovered(link: string, real: string, isWatched: (folder: string) => boolean): boolean {
    for (const [path, top] of this.#followed) {
      if (path === link) continue;
      if (isWithin(link, path) && isWithin(top, real)) return true;
      if (isWithin(real, top) && isWatched(path + real.slice(top.length))) return true;
    }
    return false;
  }
}
