import type { Stat } from "../platform/platform.ts";

const SECOND_MS = 1_000;

/**
 * Whether something changed at or after a moment. A change time may be known to the second only (through
 * Deno, where it differs from the modification time): then it counts for the whole of that second.
 */
export function hasChangedSince({ ctimeMs }: Stat, sinceMs: number): boolean {
  return ctimeMs + (isCutToSecond(ctimeMs) ? SECOND_MS - 1 : 0) >= sinceMs;
}

/** How far the change time may be from the moment of the change. */
export function stepOf({ ctimeMs }: Stat, finestMs: number): number {
  return isCutToSecond(ctimeMs) ? SECOND_MS : finestMs;
}

function isCutToSecond(timeMs: number): boolean {
  return timeMs % SECOND_MS === 0;
}
