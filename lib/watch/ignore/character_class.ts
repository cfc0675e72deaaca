/** One flag for each byte. */
export type ByteSet = Uint8Array;

const [DASH, CLOSE, OPEN, BACKSLASH, COLON, SLASH] = [..."-][\\:/"].map((each) =>
  each.charCodeAt(0)
);
const UPPER_A = 65;
const UPPER_Z = 90;
const TO_LOWER = 32;

/** POSIX' classes as git has them, of ASCII only: every two characters are the first and the last of a range. */
const NAMED: Readonly<Record<string, string>> = {
  alnum: "azAZ09",
  alpha: "azAZ",
  blank: "  \t\t",
  cntrl: "\0\x1f\x7f\x7f",
  digit: "09",
  graph: "!~",
  lower: "az",
  print: " ~",
  punct: "!/:@[`{~",
  space: "  \t\r",
  upper: "AZ",
  xdigit: "09AFaf",
};

/**
 * Reads the character class that begins at `from` with its bracket: what it matches, and where it ends. Null where
 * it is broken: a pattern with such a class matches nothing.
 */
export function readClass(
  glob: string,
  from: number,
  ignoreCase: boolean,
): { readonly set: ByteSet; readonly end: number } | null {
  const set = new Uint8Array(256);
  const isNegated = glob[from + 1] === "!" || glob[from + 1] === "^";
  let at = from + (isNegated ? 2 : 1);
  let before = 0;
  do {
    let code = glob.charCodeAt(at);
    if (code === BACKSLASH) {
      code = glob.charCodeAt(++at);
      set[code] = 1;
    } else if (code === DASH && before > 0 && isMember(glob.charCodeAt(at + 1))) {
      code = glob.charCodeAt(++at);
      if (code === BACKSLASH) code = glob.charCodeAt(++at);
      set.fill(1, before, code + 1);
      code = 0;
    } else if (code === OPEN && glob.charCodeAt(at + 1) === COLON) {
      const end = glob.indexOf("]", at + 2);
      if (end < 0) return null;
      if (end > at + 2 && glob.charCodeAt(end - 1) === COLON) {
        const named = NAMED[glob.slice(at + 2, end - 1)];
        if (named === undefined) return null;
        addRanges(set, named);
        at = end;
        code = 0;
      } else set[OPEN] = 1;
    } else set[code] = 1;
    if (at >= glob.length) return null;
    before = code;
  } while (glob.charCodeAt(++at) !== CLOSE);
  if (ignoreCase) {
    for (let code = UPPER_A; code <= UPPER_Z; code++) set[code + TO_LOWER]! |= set[code]!;
  }
  const found = isNegated ? set.map((flag) => 1 - flag) : set;
  found[SLASH!] = 0;
  return { set: found, end: at };
}

function isMember(code: number): boolean {
  return !Number.isNaN(code) && code !== CLOSE;
}

function addRanges(set: ByteSet, ranges: string): void {
  for (let at = 0; at < ranges.length; at += 2) {
    set.fill(1, ranges.charCodeAt(at), ranges.charCodeAt(at + 1) + 1);
  }
}
