import type { Explanation } from "../../errors.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Settings } from "../../settings.ts";
import { lstatOrNull, statOrNull } from "../../paths/lookup.ts";
import { childOf, isWithin, parentOf } from "../../paths/path.ts";
import { excludeFilesOf } from "../git/exclude_files.ts";
import { MARKERS } from "./default_ignores.ts";
import { IgnoreChain } from "./ignore_chain.ts";
import { readIgnoreFile } from "./ignore_file.ts";
import { type IgnoreFile, IgnoreRules } from "./ignore_rules.ts";

/** Later ones decide before earlier ones. */
const NAMES = [".gitignore", ".batonignore"];

export interface IgnoreFilesOptions extends Pick<Settings, "cwd" | "gitignore"> {
  readonly ignoreCase: boolean;
  /** Is told of ignore files that cannot be read; they say nothing then, as for git. */
  readonly onUnusable: (why: Explanation) => void;
}

/** Finds out what ignore files say: in a folder, above it, and those that git has for itself. */
export class IgnoreFiles {
  readonly #platform: Platform;
  readonly #options: IgnoreFilesOptions;

  constructor(platform: Platform, options: IgnoreFilesOptions) {
    this.#platform = platform;
    this.#options = options;
  }

  /** Whether a file of this name decides what is ignored. */
  isIgnoreFile(name: string): boolean {
    return this.#options.gitignore && (NAMES.includes(name) || MARKERS.includes(name));
  }

  /** Whether an ignore file in a folder came, went or was written since its rules were read. */
  hasStaleFile(chain: IgnoreChain, folder: string): boolean {
    if (!this.#options.gitignore) return false;
    return NAMES.some((name) => this.isStale(chain, folder, name));
  }

  isStale(chain: IgnoreChain, folder: string, name: string): boolean {
    const then = [...chain.filesIn(folder)].find((file) => file.name === name)?.stat;
    const now = statOrNull(this.#platform, childOf(folder, name));
    if (now?.kind !== "file") return then !== undefined;
    return then?.inode !== now.inode || then.mtimeMs !== now.mtimeMs;
  }

  /** The folders above `root` whose ignore files hold in it: up to its repository or the working directory. */
  foldersAbove(root: string): string[] {
    const { cwd, gitignore } = this.#options;
    const above: string[] = [];
    for (let folder = root; gitignore;) {
      const isTop = lstatOrNull(this.#platform, childOf(folder, ".git")) !== null;
      if (isTop) return above;
      if (folder === parentOf(folder)) break;
      folder = parentOf(folder);
      above.unshift(folder);
    }
    return isWithin(root, cwd) ? above.filter((folder) => isWithin(folder, cwd)) : [];
  }

  /** What holds for `root` from outside it. Rules that ignore the root itself do not count: it was asked for. */
  outside(root: string): IgnoreChain {
    let chain = new IgnoreChain();
    for (const folder of this.foldersAbove(root)) {
      const inner = this.inside(chain, folder);
      if (!inner.ignores(root, true)) chain = inner;
    }
    return chain;
  }

  /** What holds for the entries of `folder`; `has` spares the look for ignore files. */
  inside(
    outer: IgnoreChain,
    folder: string,
    has: (name: string) => boolean = () => true,
  ): IgnoreChain {
    if (!this.#options.gitignore) return outer;
    let chain = has(".git") ? this.#gitRules(outer, folder) : outer;
    for (const name of NAMES) {
      if (!has(name)) continue;
      const path = childOf(folder, name);
      const stat = statOrNull(this.#platform, path);
      if (stat?.kind === "file") chain = this.#within(chain, folder, path, { name, stat });
      else if (stat?.kind === "other") this.#sayUnusable(path);
    }
    return chain;
  }

  /** What git ignores by files of its own, where a working tree of it is in this folder. */
  #gitRules(outer: IgnoreChain, folder: string): IgnoreChain {
    let chain = outer;
    for (const path of excludeFilesOf(this.#platform, folder)) {
      const kind = statOrNull(this.#platform, path)?.kind;
      if (kind === "file") chain = this.#within(chain, folder, path, null);
      else if (kind === "other") this.#sayUnusable(path);
    }
    return chain;
  }

  #within(outer: IgnoreChain, base: string, path: string, file: IgnoreFile | null): IgnoreChain {
    const { ignoreCase, onUnusable } = this.#options;
    const lines = readIgnoreFile(this.#platform, path, ({ message }) => {
      onUnusable({ what: message, next: "What it ignores counts until it can be read" });
    });
    const rules = new IgnoreRules(base, lines, { ignoreCase, file, mostCost: outer.costLeft });
    if (rules.cutAt !== null) onUnusable(cutAt(path, rules.cutAt));
    return outer.within(rules);
  }

  #sayUnusable(path: string): void {
    const what = `Cannot use "${path}": it is a pipe or a device`;
    this.#options.onUnusable({ what, next: "Replace it by a file" });
  }
}

/** That patterns from a line on do not count. */
export function cutAt(where: string, line: number): Explanation {
  return {
    what: `Left out line ${line} of "${where}" and what follows`,
    where: "to compare every path with so many wildcards takes too long",
    next: "Name folders and files in place of wildcards",
  };
}
