import { dirname, join, relative } from "@std/path";
import { realPathOrNull } from "../paths/lookup.ts";
import { isWithin } from "../paths/path.ts";
import type { Platform } from "../platform/platform.ts";

/** Tells which paths are in a project's folder, and lead nowhere else by a link on the way. */
export class ProjectPaths {
  readonly #files: Platform["files"];
  readonly #cwd: string;

  constructor({ files }: Pick<Platform, "files">, cwd: string) {
    this.#files = files;
    this.#cwd = cwd;
  }

  /** The file in the folder that a path leads to by links, relative to that; undefined where it is no such path. */
  leadsTo(path: string): string | undefined {
    const real = realPathOrNull({ files: this.#files }, path);
    const root = this.#files.realPath(this.#cwd);
    if (real === null || !isWithin(real, root)) return undefined;
    const found: string = relative(root, real);
    return found === relative(this.#cwd, path) ? undefined : found;
  }

  /** Its folder may be missing. */
  has(path: string): boolean {
    if (path === this.#cwd || !isWithin(path, this.#cwd)) return false;
    const folder: string = dirname(path);
    const real = realPathOrNull({ files: this.#files }, folder);
    if (real === null) return this.has(folder);
    return real === join(this.#files.realPath(this.#cwd), relative(this.#cwd, folder));
  }
}
