import { isWithin } from "./location.ts";

/** The symbolic links that are watched, and where they lead. */
export class Links {
  readonly #targets = new Map<string, string | null>();
  readonly #leadingTo = new Map<string, Set<string>>();
  /** Where links led to that lead nowhere now. */
  readonly #lost = new Map<string, string>();
  readonly #followed = new Map<string, string>();

  /** `target` is the real path of the file it leads to, or of a root; null where it leads to another folder. */
  set(link: string, target: string | null): void {
    this.delete(link);
    this.#targets.set(link, target);
    if (target === null) return;
    const links = this.#leadingTo.get(target) ?? new Set();
    this.#leadingTo.set(target, links.add(link));
  }

  /** It leads nowhere now; what it led to may come back. */
  lose(link: string, folder: string | null = null): void {
    const target = folder ?? this.#targets.get(link) ?? this.#lost.get(link);
    this.set(link, null);
    if (target !== undefined) this.#lost.set(link, target);
  }

  delete(link: string): void {
    this.#lost.delete(link);
    const target = this.#targets.get(link) ?? null;
    this.#targets.delete(link);
    if (target === null) return;
    const links = this.#leadingTo.get(target);
    links?.delete(link);
    if (links?.size === 0) this.#leadingTo.delete(target);
  }

  /** The links that lead to this file, or led to it, or to what was below it. */
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

  /** The files that links lead to, and what others led to. */
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

  /** Whether a link that leads here need not be followed: the folder is watched by another name, or is above. */
  isCovered(link: string, real: string, folders: ReadonlyMap<string, unknown>): boolean {
    for (const [path, top] of this.#followed) {
      if (path === link) continue;
      if (isWithin(top, real)) return true;
      if (isWithin(real, top) && folders.has(path + real.slice(top.length))) return true;
    }
    return false;
  }
}
