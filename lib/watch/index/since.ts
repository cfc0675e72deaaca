import type { Stat } from "../../platform/platform.ts";

/** Deno cuts change times that differ from the modification time to seconds, FAT all times to even ones. */
const CUTS_MS = [2_000, 1_000];

/** Whether something changed at or after a moment. A time that may be cut counts for all that it stands for. */
export function hasChangedSince(stat: Stat, sinceMs: number): boolean {
  return stat.ctimeMs + stepOf(stat, 1) - 1 >= sinceMs;
}

/** How far the change time may be from the moment of the change. */
export function stepOf({ ctimeMs }: Stat, finestMs: number): number {
  return CUTS_MS.find((cutMs) => ctimeMs % cutMs === 0) ?? finestMs;
}

/** A folder that changed this shortly before it was listed may have changed again at the same time. */
const COARSEST_STEP_MS = 3_000;

/** The modification time of a folder that is listed now; NaN where a further change may leave the same. */
export function listedMtimeMs(stat: Stat | null, wallNow: number): number {
  return stat !== null && Math.abs(wallNow - stat.mtimeMs) >= COARSEST_STEP_MS ? stat.mtimeMs : NaN;
}
