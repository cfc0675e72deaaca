import { resolve } from "@std/path";

/** What was edited this lately is likely to be edited again. */
const EDITED = 50;
/** So many modules that do more than define are left out one by one; then all of the project's are. */
const REFUSED = 20;

/** Which modules of the project itself are not imported ahead of a program. */
export class OwnModules {
  /** The last first. */
  #edited: readonly string[] = [];
  readonly #refused = new Set<string>();

  /** Their files; null where that is every one. */
  get left(): readonly string[] | null {
    return this.#refused.size > REFUSED ? null : [...new Set([...this.#edited, ...this.#refused])];
  }

  /** Paths, relative to a folder, that have changed. */
  edited(paths: readonly string[], cwd: string): void {
    const last = paths.map((path): string => resolve(cwd, path));
    this.#edited = [...new Set([...last, ...this.#edited])].slice(0, EDITED);
    for (const path of last) this.#refused.delete(path);
  }

  /** One does more than define. */
  refuse(path: string): void {
    this.#refused.add(path);
  }
}
