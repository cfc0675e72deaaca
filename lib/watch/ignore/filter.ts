import { resolve } from "@std/path";
import type { Explanation } from "../../errors.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Settings } from "../../settings.ts";
import { lstatOrNull, realPathOrNull } from "../../paths/lookup.ts";
import { below, childOf, isWithin, nameOf, parentOf } from "../../paths/path.ts";
import type { Root } from "../roots.ts";
import { bytesOfText } from "./bytes.ts";
import { buildFilesBeside, isIgnoredByName, MARKERS } from "./default_ignores.ts";
import type { IgnoreChain } from "./ignore_chain.ts";
import { cutAt, IgnoreFiles } from "./ignore_files.ts";
import { IgnoreRules } from "./ignore_rules.ts";
import { RuledFiles } from "./ruled_files.ts";

/** What the name of a cookie begins with: a file that baton writes to see whether events arrive. */
export const COOKIE_PREFIX = ".baton-cookie-";

const OUTPUTS = ["/dev/stdout", "/dev/stderr"];

export type FilterSettings = Pick<
  Settings,
  "cwd" | "ext" | "ignore" | "gitignore" | "rules" | "stateDir"
>;

/** What holds for all that is below a root. */
export interface RootRules {
  readonly ignore: IgnoreRules;
  /** Only these files count, and those in folders that these match; null where all do. */
  readonly only: IgnoreRules | null;
}

/** Says which entries count. Asked top-down: what is below an ignored folder is never asked about. */
export class Filter {
  readonly #platform: Platform;
  readonly #settings: FilterSettings;
  /** Each with its dot. */
  readonly #extensions: readonly string[];
  readonly #ignoreCase: boolean;
  /** Where baton and the program write to; these may be files in the project. */
  readonly #outputs: Set<string | null>;
  readonly #onUnusable: (notice: Explanation) => void;
  /** Null where there are no rules. */
  readonly #ruled: RuledFiles | null;
  readonly ignoreFiles: IgnoreFiles;

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
    const { cwd, gitignore, rules } = settings;
    const ignoreCase = this.#ignoreCase;
    this.ignoreFiles = new IgnoreFiles(platform, { cwd, gitignore, ignoreCase, onUnusable });
    this.#ruled = rules.length === 0 ? null : new RuledFiles(settings, ignoreCase);
    this.#outputs = new Set(OUTPUTS.map((path) => realPathOrNull(platform, path)));
  }

  /** Whether all of a folder is left out for what is in it. */
  isLeftOut(has: (name: string) => boolean): boolean {
    return this.#settings.gitignore && MARKERS.some(has);
  }

  /** Leaves out a file that the program writes, unless `-i` asks for it; returns whether it does. */
  addOutput(path: string, { ignore }: RootRules): boolean {
    if (ignore.verdict(path, false) === false) return false;
    this.#outputs.add(path);
    return true;
  }

  /** Whether baton alone writes there. */
  isOwn(path: string): boolean {
    return path === this.#settings.stateDir;
  }

  /** What `-i` leaves out below a root, and what `-w` chooses there by globs: both decide before any file. */
  rulesOf({ path: root, only }: Pick<Root, "path" | "only">): RootRules {
    const { cwd, ignore } = this.#settings;
    const base = isWithin(root, cwd) ? cwd : root;
    const globs = ignore.map((glob) => anchored(glob, cwd, base));
    return {
      ignore: this.#patterns("--ignore", base, globs),
      only: only === null ? null : this.#patterns("--watch", root, only.map((glob) => `/${glob}`)),
    };
  }

  #patterns(where: string, base: string, globs: readonly string[]): IgnoreRules {
    const options = { ignoreCase: this.#ignoreCase };
    const rules = new IgnoreRules(base, globs.map(bytesOfText), options);
    if (rules.cutAt !== null) this.#onUnusable(cutAt(where, rules.cutAt));
    return rules;
  }

  countsAsFolder(path: string, rules: RootRules, chain: IgnoreChain): boolean {
    const isIgnored = this.#isIgnored(path, true, rules, chain);
    const isLeftOut = this.isOwn(path) || rules.ignore.verdict(path, true) === true;
    if (this.#ruled === null || isLeftOut) return !isIgnored;
    return this.#ruled.enters(path, isIgnored) || !isIgnored && !this.#ruled.isHidden(path);
  }

  countsAsFile(path: string, rules: RootRules, chain: IgnoreChain): boolean {
    const isNamed = this.#ruled?.verdict(path) === false;
    return (isNamed || this.#hasExtension(nameOf(path))) && isChosen(path, rules) &&
      this.countsAsLink(path, rules, chain);
  }

  /** A link that leads to a folder; ignore files mean links where they mean files. */
  countsAsLink(path: string, rules: RootRules, chain: IgnoreChain): boolean {
    if (this.#isIgnored(path, false, rules, chain)) return false;
    return this.#ruled?.isHidden(path) !== true || this.#ruled.verdict(path) === false;
  }

  #isIgnored(path: string, isFolder: boolean, rules: RootRules, chain: IgnoreChain): boolean {
    const name = nameOf(path);
    if (this.isOwn(path) || name.startsWith(COOKIE_PREFIX)) return true;
    if (this.#outputs.has(path)) return true;
    const verdict = rules.ignore.verdict(path, isFolder) ?? this.#ruledOut(path, isFolder);
    if (verdict !== null || !this.#settings.gitignore) return verdict === true;
    if (isIgnoredByName(name, isFolder)) return true;
    return (isFolder && this.#isBuildFolder(path)) || chain.ignores(path, isFolder);
  }

  /** Whether a rule leaves it out, or names it. */
  #ruledOut(path: string, isFolder: boolean): boolean | null {
    if (this.#ruled === null) return null;
    return isFolder ? this.#ruled.leavesOut(path) || null : this.#ruled.verdict(path);
  }

  #isBuildFolder(path: string): boolean {
    return buildFilesBeside(nameOf(path)).some((name) =>
      lstatOrNull(this.#platform, childOf(parentOf(path), name)) !== null
    );
  }

  #hasExtension(name: string): boolean {
    if (this.#extensions.length === 0) return true;
    return this.#extensions.some((extension) => name.endsWith(extension));
  }
}

/** Whether a glob of `-w` names it, or a folder that it is in. */
function isChosen(path: string, { only }: RootRules): boolean {
  if (only === null) return true;
  for (let at = path; at !== only.base && at !== "/"; at = parentOf(at)) {
    if (only.verdict(at, at !== path) === true) return true;
  }
  return false;
}

/** Globs can be written as paths, too: `./a`, `../b/a` and `/whole/path/to/a` mean what they do in a shell. */
function anchored(glob: string, cwd: string, base: string): string {
  const path = glob.startsWith("!") ? glob.slice(1) : glob;
  if (!/^\.{0,2}\//.test(path)) return glob;
  const whole = resolve(cwd, path);
  if (whole === base || !isWithin(whole, base)) return glob;
  return `${glob === path ? "" : "!"}/${below(base, whole)}${path.endsWith("/") ? "/" : ""}`;
}
