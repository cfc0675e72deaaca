import type { Stat } from "../../platform/platform.ts";
import { below, isWithin, nameOf } from "../../paths/path.ts";
import { bytesOfText, inLowerCase } from "./bytes.ts";
import { prefilterOf } from "./ignore_prefilter.ts";
import { type Pattern, patternOf } from "./pattern.ts";

/** A file that rules were read from, and how it was then. */
export interface IgnoreFile {
  readonly name: string;
  readonly stat: Stat;
}

export interface IgnoreRulesOptions {
  readonly ignoreCase: boolean;
  /** The file in `base` that the rules are from; null where they are from elsewhere. */
  readonly file?: IgnoreFile | null;
  /** How much one comparison with all patterns may cost; see `MOST_COST`. */
  readonly mostCost?: number;
}

/**
 * How much all patterns may cost that one entry is compared with, in steps for each byte of its path: some ten
 * milliseconds for the worst of patterns. Plain names, paths and suffixes cost nothing.
 */
export const MOST_COST = 8_000;

/** The number of a rule, twice, and one more where it is negated: the highest that matches decides. */
type Rule = number;
const NO_RULE: Rule = -1;

/** A rule that is to be compared with each path. */
interface Glob extends Pattern {
  readonly rule: Rule;
}

/** Rules in .gitignore syntax that hold below one folder. */
export class IgnoreRules {
  readonly file: IgnoreFile | null;
  /** The number of the first line (from 1) that was left out, with all below it, for what it would cost. */
  readonly cutAt: number | null = null;
  readonly cost: number = 0;
  readonly #ignoreCase: boolean;
  readonly #prefilter: RegExp | null;
  readonly #names = new Literals();
  readonly #paths = new Literals();
  readonly #suffixes: { readonly length: number; readonly literals: Literals }[] = [];
  /** The last first. */
  readonly #globs: Glob[] = [];

  /** `lines` are bytes; see `bytes.ts`. */
  constructor(
    readonly base: string,
    lines: readonly string[],
    { ignoreCase, file = null, mostCost = MOST_COST }: IgnoreRulesOptions,
  ) {
    this.file = file;
    this.#ignoreCase = ignoreCase;
    const patterns: Pattern[] = [];
    for (const [at, line] of lines.entries()) {
      const pattern = patternOf(line, ignoreCase);
      if (pattern === null) continue;
      patterns.push(pattern);
      const cost = this.#add(pattern, 2 * at + (pattern.isNegated ? 1 : 0), mostCost - this.cost);
      if (cost === null) {
        this.cutAt = at + 1;
        break;
      }
      this.cost += cost;
    }
    this.#globs.reverse();
    this.#prefilter = prefilterOf(patterns);
  }

  /** Whether the rules ignore an entry, include it, or (null) say nothing of it by itself. */
  verdict(path: string, isFolder: boolean): boolean | null {
    if (path === this.base || !isWithin(path, this.base)) return null;
    const bytes = bytesOfText(below(this.base, path));
    const inside = this.#ignoreCase ? inLowerCase(bytes) : bytes;
    if (this.#prefilter?.test(inside) === false) return null;
    const rule = this.#ruleFor(inside, nameOf(inside), isFolder);
    return rule === NO_RULE ? null : rule % 2 === 0;
  }

  #ruleFor(path: string, name: string, isFolder: boolean): Rule {
    let rule = Math.max(this.#names.rule(name, isFolder), this.#paths.rule(path, isFolder));
    for (let at = 0; at < this.#suffixes.length; at++) {
      const { length, literals } = this.#suffixes[at]!;
      if (length > name.length) continue;
      rule = Math.max(rule, literals.rule(name.slice(name.length - length), isFolder));
    }
    for (let at = 0; at < this.#globs.length; at++) {
      const glob = this.#globs[at];
      if (glob!.rule < rule) break;
      if (glob!.isForFolders && !isFolder) continue;
      const text = glob!.isPath ? path : name;
      if (text.startsWith(glob!.start) && glob!.rest.matches(text.slice(glob!.start.length))) {
        return glob!.rule;
      }
    }
    return rule;
  }

  /** What it costs; null where that is too much. */
  #add(pattern: Pattern, rule: Rule, mostCost: number): number | null {
    const { isForFolders, isPath, start, rest } = pattern;
    const { literal, suffix } = rest;
    if (literal !== null) {
      (isPath ? this.#paths : this.#names).add(start + literal, isForFolders, rule);
      return 0;
    }
    if (suffix !== null && !isPath) {
      this.#suffixesOf(suffix.length).add(suffix, isForFolders, rule);
      return 0;
    }
    if (rest.cost > mostCost) return null;
    this.#globs.push({ ...pattern, rule });
    return rest.cost;
  }

  #suffixesOf(length: number): Literals {
    const known = this.#suffixes.find((each) => each.length === length);
    if (known !== undefined) return known.literals;
    const literals = new Literals();
    this.#suffixes.push({ length, literals });
    return literals;
  }
}

/** Texts, and the last rule for each. */
class Literals {
  readonly #forAll = new Map<string, Rule>();
  readonly #forFolders = new Map<string, Rule>();

  add(text: string, isForFolders: boolean, rule: Rule): void {
    (isForFolders ? this.#forFolders : this.#forAll).set(text, rule);
  }

  rule(text: string, isFolder: boolean): Rule {
    const rule = this.#forAll.get(text) ?? NO_RULE;
    return isFolder ? Math.max(rule, this.#forFolders.get(text) ?? NO_RULE) : rule;
  }
}
