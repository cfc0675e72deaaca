import ignore from "ignore";
import type { Stat } from "../platform/platform.ts";
import { below, isWithin, nameOf, parentOf } from "./location.ts";
import { type Relevance, relevanceOf } from "./relevance.ts";

/** The npm package remembers every path it was asked about; past this many it starts afresh. */
const REMEMBERED_PATHS = 1_000;

/** A file that rules were read from, and how it was then. */
export interface Source {
  readonly name: string;
  readonly stat: Stat;
}

/** Rules in .gitignore syntax that hold below one folder. */
export class IgnoreRules {
  /** Made when a path comes that needs it: for most projects there is none. */
  #rules: ignore.Ignore | null = null;
  #asked = 0;
  readonly #text: string | readonly string[];
  readonly #ignoreCase: boolean;
  readonly #relevance: Relevance;

  /** `source`: the file in `base` that they are from; null where they are from elsewhere. */
  constructor(
    readonly base: string,
    text: string | readonly string[],
    ignoreCase: boolean,
    readonly source: Source | null = null,
  ) {
    this.#text = text;
    this.#ignoreCase = ignoreCase;
    const lines = typeof text === "string" ? text.split(/\r?\n/) : text;
    this.#relevance = relevanceOf(lines, ignoreCase);
  }

  /** Whether the rules ignore the path, include it, or (null) say nothing of it. */
  verdict(path: string, isFolder: boolean): boolean | null {
    if (path === this.base || !isWithin(path, this.base)) return null;
    const inside = below(this.base, path);
    const verdict = this.#verdictOf(inside, isFolder);
    // The folder it is in is not ignored, or nobody would ask: where these rules ignored that, nearer ones
    // decided. What they say of the entry by itself still holds.
    const isOverruled = verdict === true && inside.includes("/") &&
      this.#verdictOf(parentOf(inside), true) === true;
    return isOverruled ? this.#verdictOf(nameOf(inside), isFolder) : verdict;
  }

  #verdictOf(entry: string, isFolder: boolean): boolean | null {
    const inside = entry + (isFolder ? "/" : "");
    const { named, asked } = this.#relevance;
    if (asked?.test(inside) === false) return named.test(inside) ? true : null;
    if (this.#asked++ % REMEMBERED_PATHS === 0) this.#rules = null;
    this.#rules ??= ignore({ ignorecase: this.#ignoreCase }).add(this.#text);
    const { ignored, unignored } = this.#rules.test(inside);
    return ignored ? true : unignored ? false : null;
  }
}

/** The rules that hold in one folder, the nearest first: the first that says something of a path decides. */
export class IgnoreChain {
  constructor(readonly rules: readonly IgnoreRules[] = []) {}

  /** `inner` decides before this. */
  within(inner: IgnoreRules): IgnoreChain {
    return new IgnoreChain([inner, ...this.rules]);
  }

  /** The files in one folder that they are from. */
  *sourcesIn(folder: string): Iterable<Source> {
    for (const { base, source } of this.rules) {
      if (base === folder && source !== null) yield source;
    }
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (const rules of this.rules) {
      const verdict = rules.verdict(path, isFolder);
      if (verdict !== null) return verdict;
    }
    return false;
  }
}
