import { inLowerCase } from "./bytes.ts";
import { Wildmatch } from "./wildmatch.ts";

/** A path of the system is no longer, nor is the name of an entry: what needs more matches nothing. */
const LONGEST_PATH_BYTES = 4_096;
const LONGEST_NAME_BYTES = 255;

/** One line of an ignore file, taken apart. */
export interface Pattern {
  /** It includes again what others ignore. */
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
  /** It is compared with the path below its base; else with the name alone. */
  readonly isPath: boolean;
  /** What is compared begins with this as it stands; the rest of it is compared with `rest`. */
  readonly start: string;
  readonly rest: Wildmatch;
}

/** Takes a line apart, as bytes; null where it holds no pattern, or one that cannot match anything. */
export function patternOf(line: string, ignoreCase: boolean): Pattern | null {
  const text = withoutEnd(line);
  if (text.startsWith("#")) return null;
  const isNegated = text.startsWith("!");
  const isForFolders = text.endsWith("/");
  const glob = text.slice(isNegated ? 1 : 0, isForFolders ? -1 : undefined);
  const isPath = glob.includes("/");
  const from = glob.startsWith("/") ? 1 : 0;
  // Git compares what is before the first wildcard by itself; in what is left, a first "**" stands for folders.
  const wildcard = glob.search(/[*?[\\]/);
  const to = !isPath || wildcard < 0 ? from : wildcard;
  const start = glob.slice(from, to);
  const mostBytes = (isPath ? LONGEST_PATH_BYTES : LONGEST_NAME_BYTES) - start.length;
  const rest = Wildmatch.of(glob.slice(to), { isPath, ignoreCase, mostBytes });
  if (rest === null || glob.length === from) return null;
  return { isNegated, isForFolders, isPath, start: ignoreCase ? inLowerCase(start) : start, rest };
}

/** Up to a zero, which ends a text for git, and without the carriage return and the spaces at its end. */
function withoutEnd(line: string): string {
  const [text] = line.split("\0", 1);
  const whole = text!.endsWith("\r") ? text!.slice(0, -1) : text;
  let end = whole!.length;
  while (whole![end - 1] === " ") end--;
  let escapes = 0;
  while (whole![end - 1 - escapes] === "\\") escapes++;
  return whole!.slice(0, escapes % 2 === 1 ? end + 1 : end);
}
