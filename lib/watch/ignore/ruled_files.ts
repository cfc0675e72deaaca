import type { Settings } from "../../settings.ts";
import { childOf, isWithin, parentOf } from "../../paths/path.ts";
import { Globs } from "./globs.ts";

const WILDCARD = /[*?[\]\\]/;

/** A rule, and what it says of which files count. */
interface FileRule {
  readonly globs: Globs;
  readonly isIgnore: boolean;
  /** It names files, not all that is somewhere: then they count even where ignore files leave them out. */
  readonly names: boolean;
  /** The folder before its first wildcard; null where it may be anywhere. */
  readonly folder: string | null;
}

/**
 * What the rules say of which files count. A file that one names by more than wildcards counts, whatever ignore files
 * and the built-in list say: the ignored folders that the rule begins with are entered for it, and for nothing else.
 */
export class RuledFiles {
  readonly #rules: readonly FileRule[];
  /** Ignored folders that were entered. */
  readonly #entered = new Set<string>();

  constructor({ cwd, rules }: Pick<Settings, "cwd" | "rules">, ignoreCase: boolean) {
    this.#rules = rules.map((rule) => {
      const segments = rule.match.replace(/^\.?\/|\/$/g, "").split("/");
      const isAnchored = segments.length > 1 || rule.match.startsWith("/");
      const wild = segments.findIndex((segment) => WILDCARD.test(segment));
      const literal = segments.slice(0, wild === -1 ? segments.length : wild);
      return {
        globs: new Globs(cwd, [rule.match], ignoreCase),
        isIgnore: rule.do === "ignore",
        names: /[^*?.]/.test(segments.at(-1)!.replace(/\[.*?\]/g, "")),
        folder: isAnchored || wild === -1 ? literal.reduce(childOf, cwd) : null,
      };
    });
  }

  /** The number of the first rule that names a path relative to the working directory. */
  numberOf(path: string): number | undefined {
    const number = this.#rules.findIndex(({ globs }) => globs.has(path));
    return number === -1 ? undefined : number;
  }

  /** Whether a rule leaves a file out, names it, or (null) says nothing of it. */
  verdict(path: string): boolean | null {
    const rule = this.#rules.find(({ globs }) => globs.hasFile(path));
    if (rule === undefined) return null;
    return rule.isIgnore ? true : rule.names ? false : null;
  }

  /** Whether a rule leaves a folder out, as such. */
  leavesOut(folder: string): boolean {
    return this.#rules.find(({ globs }) => globs.matches(folder, true))?.isIgnore === true;
  }

  /** Whether it is in a folder that was entered for files that a rule names: nothing else counts there. */
  isHidden(path: string): boolean {
    return this.#entered.has(parentOf(path));
  }

  /** Whether a folder is to be entered for files that a rule names; `isIgnored` by itself, not for what it is in. */
  enters(folder: string, isIgnored: boolean): boolean {
    const isHidden = this.isHidden(folder);
    const isWanted = (isIgnored || isHidden) &&
      this.#rules.some((rule) =>
        rule.names && !rule.isIgnore && rule.folder !== null &&
        (isWithin(rule.folder, folder) || isHidden && !isIgnored && isWithin(folder, rule.folder))
      );
    if (isWanted) this.#entered.add(folder);
    else this.#entered.delete(folder);
    return isWanted;
  }
}
