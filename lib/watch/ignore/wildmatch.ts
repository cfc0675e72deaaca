/**
 * Git's wildmatch, by sets of states in place of trying again: what a pattern costs is at most its length times that
 * of the text, whatever is in it.
 */
import { inLowerCase } from "./bytes.ts";
import { type ByteSet, readClass } from "./character_class.ts";

/** One part of a pattern: the code of a byte, a set of them, or one of these. */
type Token = number | ByteSet;
/** Any byte but a slash. */
const ANY = -1;
/** Any number of bytes but slashes. */
const STAR = -2;
/** Any number of bytes. */
const DEEP = -3;
/** Nothing, or any number of bytes and a slash. */
const FOLDERS = -4;

const SLASH = 47;

/** The states of one step: whether a state was entered, or only stayed in. */
const ENTERED = 1;
const STAYED = 2;

/** Used again for each match: two for the longest pattern that there was. */
let states = [new Uint8Array(64), new Uint8Array(64)];

export interface WildmatchOptions {
  /** Two stars may stand for slashes. */
  readonly isPath: boolean;
  /** The text that it is compared with is in lower case. */
  readonly ignoreCase: boolean;
  readonly mostBytes: number;
}

/** A pattern that was taken apart. */
export class Wildmatch {
  readonly #tokens: readonly Token[];
  /** Nothing shorter is matched. */
  readonly #shortest: number;
  /** What is matched has this in it. */
  readonly needed: string;

  private constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#shortest = shortestOf(tokens);
    this.needed = longestText(tokens);
  }

  /** Null where it matches nothing: it is broken, or matches only what is longer than `mostBytes`. */
  static of(glob: string, options: WildmatchOptions): Wildmatch | null {
    const tokens = tokensOf(glob, options);
    return tokens === null ? null : new Wildmatch(tokens);
  }

  /** How much work a comparison can be at most, for each byte of a text. */
  get cost(): number {
    return this.#tokens.length;
  }

  /** What it matches where that is one text only; null where it is not. */
  get literal(): string | null {
    return this.needed.length === this.#tokens.length ? this.needed : null;
  }

  /** What it matches is all that ends with this; null where that is not so. */
  get suffix(): string | null {
    const isSuffix = this.#tokens[0] === STAR && this.needed.length === this.#tokens.length - 1;
    return isSuffix ? this.needed : null;
  }

  matches(text: string): boolean {
    return text.length >= this.#shortest && text.includes(this.needed) && this.#run(text);
  }

  #run(text: string): boolean {
    const last = this.#tokens.length;
    if (states[0]!.length <= last) states = [new Uint8Array(2 * last), new Uint8Array(2 * last)];
    let [now, next] = states;
    now!.fill(0, 0, last + 1);
    let [low, high] = [0, this.#enter(now!, 0)];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      next!.fill(0, 0, last + 1);
      let [lowest, highest] = [last + 1, -1];
      for (let state = low; state <= Math.min(high, last - 1); state++) {
        if (now![state] === 0) continue;
        const reached = this.#step(next!, state, code);
        if (reached < 0) continue;
        lowest = Math.min(lowest, state);
        highest = Math.max(highest, reached);
      }
      if (highest < 0) return false;
      [now, next] = [next, now];
      [low, high] = [lowest, highest];
    }
    return high === last && now![last] !== 0;
  }

  /** Marks where `code` leads to from a state; the farthest of that, or -1 where it leads nowhere. */
  #step(next: Uint8Array, state: number, code: number): number {
    const token = this.#tokens[state];
    if (typeof token !== "number") return token![code] === 1 ? this.#enter(next, state + 1) : -1;
    if (token >= 0) return token === code ? this.#enter(next, state + 1) : -1;
    if (token === ANY) return code !== SLASH ? this.#enter(next, state + 1) : -1;
    if (token === STAR) return code !== SLASH ? this.#enter(next, state) : -1;
    if (token === DEEP) return this.#enter(next, state);
    next[state]! |= STAYED;
    return code === SLASH ? this.#enter(next, state + 1) : state;
  }

  /** What may be empty is passed by at once. */
  #enter(into: Uint8Array, from: number): number {
    let state = from;
    for (; (into[state]! & ENTERED) === 0; state++) {
      into[state]! |= ENTERED;
      const token = this.#tokens[state];
      if (typeof token !== "number" || token > STAR) return state;
    }
    return state;
  }
}

function tokensOf(
  glob: string,
  { isPath, ignoreCase, mostBytes }: WildmatchOptions,
): Token[] | null {
  const tokens: Token[] = [];
  const text = ignoreCase ? inLowerCase(glob) : glob;
  let bytes = 0;
  for (let at = 0; at < glob.length; at++) {
    if (glob[at] === "*") {
      const from = at;
      while (glob[at + 1] === "*") at++;
      const isWhole = isPath && at > from && (from === 0 || glob[from - 1] === "/");
      const isFolders = isWhole && glob[at + 1] === "/";
      if (isFolders) at++;
      const isDeep = isWhole && (at + 1 === glob.length || glob.startsWith("\\/", at + 1));
      const token = isFolders ? FOLDERS : isDeep ? DEEP : STAR;
      if (tokens.at(-1) !== token) tokens.push(token);
      continue;
    }
    if (++bytes > mostBytes) return null;
    if (glob[at] === "[") {
      const found = readClass(glob, at, ignoreCase);
      if (found === null) return null;
      tokens.push(found.set);
      at = found.end;
    } else if (glob[at] === "?") tokens.push(ANY);
    else {
      if (glob[at] === "\\") at++;
      if (at === glob.length) return null;
      tokens.push(text.charCodeAt(at));
    }
  }
  return tokens;
}

function longestText(tokens: readonly Token[]): string {
  let [longest, text] = ["", ""];
  for (const token of tokens) {
    text = typeof token === "number" && token >= 0 ? text + String.fromCharCode(token) : "";
    if (text.length > longest.length) longest = text;
  }
  return longest;
}

function shortestOf(tokens: readonly Token[]): number {
  return tokens.filter((token) => typeof token !== "number" || token >= ANY).length;
}
