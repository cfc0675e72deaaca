import { type Platform, PlatformError } from "../platform/platform.ts";

/** Larger than any configuration that a person writes, and read in a millisecond. */
const MAX_BYTES = 1_048_576;
/** As deep as JSON may be nested: parsers call themselves once a level. */
const MAX_DEPTH = 100;

/** The part of a `Platform` that reading a project's files needs. */
export type Reader = Pick<Platform["files"], "stat" | "lstat" | "readRegular">;

/** A file of a project, which may hold anything: its text, or why it cannot be read; null where none is there. */
export type ProjectFile = { readonly text: string } | { readonly why: string };

/** Reads a file that somebody else wrote: never waits for it, and never reads more than a bounded part. */
export function readProjectFile(files: Reader, path: string): ProjectFile | null {
  try {
    if (files.lstat(path) === null) return null;
    if (files.stat(path) === null) return { why: "it is a link that leads nowhere" };
    const bytes = files.readRegular(path, { maxBytes: MAX_BYTES, follow: true });
    return { text: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { why: error.message.replace(/^Cannot read ".*": /s, "") };
  }
}

/** Whether JSON is nested deeper than a parser that calls itself can follow. Strings and comments count, too. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
