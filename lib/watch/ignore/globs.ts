import { resolve } from "@std/path";
import { childOf, isWithin, parentOf } from "../../paths/path.ts";
import { bytesOfText } from "./bytes.ts";
import { IgnoreRules } from "./ignore_rules.ts";

/** Globs as those of `--ignore`, seen from the working directory: what they name, and what is in a folder that they name. */
export class Globs {
  readonly #cwd: string;
  readonly #rules: IgnoreRules;

  constructor(cwd: string, globs: readonly string[], ignoreCase = false) {
    this.#cwd = cwd;
    const lines = globs.map((glob) => bytesOfText(glob.replace(/^\.\//, "/")));
    this.#rules = new IgnoreRules(cwd, lines, { ignoreCase });
  }

  /** Whether a path relative to the working directory, or a folder that it is in, is named. */
  has(path: string): boolean {
    const names = path.split("/");
    let entry = this.#cwd;
    return names.some((name, at) => {
      entry = name === ".." || name === "." ? resolve(entry, name) : childOf(entry, name);
      return this.matches(entry, at < names.length - 1);
    });
  }

  /** The same of an absolute path. */
  hasFile(path: string): boolean {
    if (this.matches(path, false)) return true;
    for (let at = parentOf(path); at !== this.#cwd && isWithin(at, this.#cwd); at = parentOf(at)) {
      if (this.matches(at, true)) return true;
    }
    return false;
  }

  /** Whether an entry is named by itself. */
  matches(path: string, isFolder: boolean): boolean {
    return this.#rules.verdict(path, isFolder) === true;
  }
}
