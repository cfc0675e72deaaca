import { BatonError, type Explanation, messageOf } from "../errors.ts";
import { PlatformError } from "../platform/platform.ts";

const FULL = ["EMFILE", "ENFILE"];

/** What is told of a failure of `action`: that nobody has put it into words is baton's own fault, mostly. */
export function explanationOf(action: string, error: unknown): Explanation {
  if (error instanceof BatonError) return error;
  const isFull = error instanceof PlatformError && FULL.includes(error.code);
  const next = isFull ? "Raise the limit of open files (ulimit -n)" : "Please report this";
  return { what: `${action}: ${messageOf(error)}`, next };
}
