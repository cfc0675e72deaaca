import type { Explanation } from "../../errors.ts";
import { resolve } from "@std/path";
import type { Platform, Stat } from "../../platform/platform.ts";
import type { Settings } from "../../settings.ts";
import { isIgnoredByName, VIRTUAL_ENVIRONMENT } from "./default_ignores.ts";
import { bytesOfText } from "./bytes.ts";
import { IgnoreChain } from "./ignore_chain.ts";
import { readIgnoreFile } from "./ignore_file.ts";
import { IgnoreRules } from "./ignore_rules.ts";
import { below, childOf, isWithin, nameOf, parentOf } from "../../paths/path.ts";
import { lstatOrNull, realPathOrNull, statOrNull } from "../../paths/lookup.ts";

/** What the name of a cookie begins with: a file that baton writes to see whether events arrive. */
export const COOKIE_PREFIX = ".baton-cookie-";

/** Where baton and the program write to; these may be files in the project. */
const OUTPUTS = ["/dev/stdout", "/dev/stderr"];

/** Later ones decide before earlier ones. */
const IGNORE_FILES = [".gitignore", ".batonignore"];

export type FilterSettings = Pick<Settings, "cwd" | "ext" | "ignore" | "gitignore" | "stateDir">;

/** Says which entries count. Asked top-down: what is below an ignored folder is never asked about. */
export class Filter {
  readonly #platform: Platform;
  readonly #settings: FilterSettings;
  /** Each with its dot. */
  readonly #extensions: readonly string[];
  readonly #ignoreCase: boolean;
  readonly #outputs: readonly (string | null)[];
  readonly #onUnusable: (notice: Explanation) => void;

  /** `onUnusable` is told of ignore files that cannot be read; they say nothing then, as for git. */
  constructor(
    platform: Platform,
    settings: FilterSettings,
    onUnusable: (notice: Explanation) => void,
  ) {
    this.#platform = platform;
    this.#settings = settings;
    this.#onUnusable = onUnusable;
    this.#extensions = settings.ext.map((extension) => `.${extension}`);
    this.#ignoreCase = platform.os !== "linux";
    this.#outputs = OUTPUTS.map((path) => realPathOrNull(platform, path));
  }

  /** Whether a file of this name decides what is ignored. */
  isIgnoreFile(name: string): boolean {
    return this.#settings.gitignore &&
      (IGNORE_FILES.includes(name) || name === VIRTUAL_ENVIRONMENT);
  }

  /** Whether all of a folder is left out for what is in it. */
  isLeftOut(has: (name: string) => boolean): boolean {
    return this.#settings.gitignore && has(VIRTUAL_ENVIRONMENT);
  }

  /** Whether baton alone writes there. */
  isOwn(path: string): boolean {
    return path === this.#settings.stateDir;
  }

  /** Whether an ignore file in a folder came, went or was written since its rules were read. */
  hasStaleFile(chain: IgnoreChain, folder: string): boolean {
    if (!this.#settings.gitignore) return false;
    return IGNORE_FILES.some((name) => this.isStale(chain, folder, name));
  }

  isStale(chain: IgnoreChain, folder: string, name: string): boolean {
    const then = [...chain.filesIn(folder)].find((file) => file.name === name)?.stat;
    const now = statOrNull(this.#platform, childOf(folder, name));
    if (now?.kind !== "file") return then !== undefined;
    return then?.inode !== now.inode || then.mtimeMs !== now.mtimeMs;
  }

  /** The folders above `root` whose ignore files hold in it: up to its repository or the working directory. */
  foldersAbove(root: string): string[] {
    const { cwd, gitignore } = this.#settings;
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
    if (!this.#settings.gitignore) return outer;
    let chain = outer;
    for (const name of IGNORE_FILES) {
      if (!has(name)) continue;
      const path = childOf(folder, name);
      const stat = statOrNull(this.#platform, path);
      if (stat?.kind === "file") chain = this.#rulesOf(folder, name, stat, chain);
      else if (stat?.kind === "other") this.#sayUnusable(path, "it is a pipe or a device");
    }
    return chain;
  }

  #rulesOf(folder: string, name: string, stat: Stat, outer: IgnoreChain): IgnoreChain {
    const path = childOf(folder, name);
    const lines = readIgnoreFile(this.#platform, path, ({ message }) => {
      this.#onUnusable({ what: message, next: `What it ignores counts until it can be read` });
    });
    const { costLeft: mostCost } = outer;
    const options = { ignoreCase: this.#ignoreCase, file: { name, stat }, mostCost };
    const rules = new IgnoreRules(folder, lines, options);
    if (rules.cutAt !== null) this.#sayCut(path, rules.cutAt);
    return outer.within(rules);
  }

  #sayUnusable(path: string, why: string): void {
    this.#onUnusable({ what: `Cannot use "${path}": ${why}`, next: "Replace it by a file" });
  }

  #sayCut(where: string, line: number): void {
    this.#onUnusable({
      what: `Left out line ${line} of "${where}" and what follows`,
      where: "to compare every path with so many wildcards takes too long",
      next: "Name folders and files in place of wildcards",
    });
  }

  /** The globs of the command line and the configuration, which decide before any file. */
  globs(root: string): IgnoreRules {
    const { cwd, ignore } = this.#settings;
    const base = isWithin(root, cwd) ? cwd : root;
    const globs = ignore.map((glob) => bytesOfText(anchored(glob, cwd, base)));
    const rules = new IgnoreRules(base, globs, { ignoreCase: this.#ignoreCase });
    if (rules.cutAt !== null) this.#sayCut("--ignore", rules.cutAt);
    return rules;
  }

  countsAsFolder(path: string, globs: IgnoreRules, chain: IgnoreChain): boolean {
    return !this.#isIgnored(path, true, globs, chain);
  }

  countsAsFile(path: string, globs: IgnoreRules, chain: IgnoreChain): boolean {
    return this.#hasExtension(nameOf(path)) && this.countsAsLink(path, globs, chain);
  }

  /** A link that leads to a folder; ignore files mean links where they mean files. */
  countsAsLink(path: string, globs: IgnoreRules, chain: IgnoreChain): boolean {
    return !this.#isIgnored(path, false, globs, chain);
  }

  #isIgnored(path: string, isFolder: boolean, globs: IgnoreRules, chain: IgnoreChain): boolean {
    const name = nameOf(path);
    if (this.isOwn(path) || name.startsWith(COOKIE_PREFIX)) return true;
    if (this.#outputs.includes(path)) return true;
    if (this.#settings.gitignore && isIgnoredByName(name, isFolder)) return true;
    return globs.verdict(path, isFolder) ?? chain.ignores(path, isFolder);
  }

  #hasExtension(name: string): boolean {
    if (this.#extensions.length === 0) return true;
    return this.#extensions.some((extension) => name.endsWith(extension));
  }
}

/** Globs can be written as paths, too: `./a`, `../b/a` and `/whole/path/to/a` mean what they do in a shell. */
function anchored(glob: string, cwd: string, base: string): string {
  const [, not, path, slash] = glob.match(/^(!?)(.*?)(\/*)$/s)!;
  if (!/^\.{0,2}\//.test(path)) return glob;
  const whole = resolve(cwd, path);
  return whole !== base && isWithin(whole, base) ? `${not}/${below(base, whole)}${slash}` : glob;
}
