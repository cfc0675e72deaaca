/** Where in the project something failed, as its error tells. */
import { isOwn } from "./hot/caller.ts";

export interface ErrorPlace {
  /** Relative to the working directory. */
  readonly file: string;
  readonly line?: number;
}

/** A call, or a place in a text: `at draw (file:///app/draw.ts:3:5)`, `/app/draw.ts:3`. */
const CALL = /((?:file:\/\/)?\/[^\s():"]+):(\d+)/;
/** As this package's own refusals say it. */
const NAMED = /"(?:file:\/\/)?(\/[^"]+)"(?:, line (\d+))?/;
const OF_OTHERS = /(^|\/)node_modules\//;

/** The innermost one in `cwd`, of what was the cause in the end; null where it tells of none. */
export function placeOf(error: unknown, cwd: string): ErrorPlace | null {
  if (!(error instanceof Error)) return null;
  const cause = placeOf(error.cause, cwd);
  if (cause !== null) return cause;
  const named = NAMED.exec(error.message);
  const inText = named === null ? null : ownPlace(named[1]!, named[2], cwd);
  if (inText !== null) return inText;
  for (const line of (error.stack ?? error.message).split("\n")) {
    const [, path, number] = CALL.exec(line) ?? [];
    const place = path === undefined ? null : ownPlace(path, number, cwd);
    if (place !== null) return place;
  }
  return null;
}

function ownPlace(path: string, line: string | undefined, cwd: string): ErrorPlace | null {
  if (isOwn(path)) return null;
  const file = decodeURI(path.replace(/^file:\/\//, "").replace(/\?.*$/, ""));
  if (!file.startsWith(`${cwd}/`)) return null;
  const relative = file.slice(cwd.length + 1);
  if (OF_OTHERS.test(relative)) return null;
  return line === undefined ? { file: relative } : { file: relative, line: Number(line) };
}
