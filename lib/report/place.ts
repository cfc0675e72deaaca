import { fromFileUrl, isAbsolute, join, relative } from "@std/path";
import { plain } from "./control.ts";

/** A line of a file. */
export interface Place {
  /** Relative to the working directory where it is in there. */
  readonly file: string;
  readonly line: number;
}

/** Python's traceback, whose last call is the deepest. */
const PYTHON = /^\s*File "([^"<]+)", line (\d+)/;
/** Calls of V8 and JavaScriptCore, whose first is the deepest, and the file itself where it does not parse. */
const JAVASCRIPT = /(?:^|[\s(@])((?:file:\/\/)?\/[^\s():]+):(\d+)(?::\d+)?\)?$/;
/** What compilers and others say: `src/main.rs:3:5`, `./app.go:12:2: undefined`. */
const COMPILER = /(?:^|\s)((?:\.{0,2}\/)?[\w@.+/-]+\.\w+):(\d+)(?::\d+)?(?=[:\s]|$)/;

const OF_OTHERS = /(^|\/)(node_modules|site-packages|dist-packages|\.?venv|vendor)\//;

/**
 * Where in the project something failed, as far as the last lines of a program tell; null where they do not.
 * `isFile` is asked about paths, absolute ones.
 */
export function placeIn(
  lines: readonly string[],
  cwd: string,
  isFile: (path: string) => boolean,
): Place | null {
  const bare = lines.map(plain);
  const read = (pattern: RegExp) =>
    bare.flatMap((line) => {
      const [, named, number] = pattern.exec(line) ?? [];
      if (named === undefined) return [];
      const path = pathOf(named, cwd);
      const file: string = relative(cwd, path);
      const isOwn = !file.startsWith("..") && !OF_OTHERS.test(file);
      return isOwn && isFile(path) ? [{ file, line: Number(number) }] : [];
    });
  return read(PYTHON).at(-1) ?? read(JAVASCRIPT)[0] ?? read(COMPILER)[0] ?? null;
}

function pathOf(named: string, cwd: string): string {
  if (named.startsWith("file://")) return fromFileUrl(named);
  return isAbsolute(named) ? named : join(cwd, named);
}
