import { closeSync, constants, openSync, statSync } from "node:fs";
import type { Cancel } from "../platform.ts";

/** Standard output and standard error. */
const OUTPUTS = [1, 2];

/**
 * Stands in for who has read what these processes print and is gone, so that a last word does not end one of them. What
 * is written there is left for others to read. What is no pipe, or may not be opened, is passed over.
 */
export function standInForReaders(pids: readonly number[]): Cancel {
  const opened = pids.flatMap((pid) =>
    OUTPUTS.flatMap((output) => open(`/proc/${pid}/fd/${output}`))
  );
  return () => opened.splice(0).forEach((descriptor) => closeSync(descriptor));
}

function open(path: string): number[] {
  try {
    if (!statSync(path).isFIFO()) return [];
    return [openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)];
  } catch {
    return []; // The process is gone, is another user's, or no descriptor is free.
  }
}
