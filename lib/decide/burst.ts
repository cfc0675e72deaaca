/** Saves in quick succession that leave the program broken: the next try waits for them to end. */
import type { Context } from "./context.ts";
import type { Generation } from "./generation.ts";
import type { Handoff } from "./handoff.ts";

/** Saves closer to one another are a burst, and it is over once nothing was saved for so long. */
export const QUIET_MS = 2_000;
/** One that is outdated sooner has cost little: a formatter has followed a save. */
const BOOTED_MS = 500;
/** So many tries whatever comes of them: a slip, and its mend. */
const FREE_TRIES = 2;

/** Candidates for changes, each begun within `QUIET_MS` of the one before. */
export interface Burst {
  /** When the last of them was begun. */
  readonly triedAt: number;
  readonly tries: number;
  /** How many came to nothing. */
  readonly inVain: number;
  /** A failure of one was told. */
  readonly told: boolean;
}

const NO_BURST = { tries: 0, inVain: 0, told: false } as const;

/** With a candidate begun for this. */
export function tried({ burst }: Context, { reason, again }: Handoff, at: number): Burst | null {
  if (reason !== "change" || again) return burst;
  const before = isGoingOn(burst, at) ? burst : NO_BURST;
  return { ...before, tries: before.tries + 1, triedAt: at };
}

/** Whether a change that comes now is tried only once it is quiet. */
export function waitsForQuiet({ burst }: Context, at: number): boolean {
  return isGoingOn(burst, at) && burst.tries >= FREE_TRIES && burst.inVain > 0;
}

/** After a candidate that failed. */
export function failedInBurst(context: Context): Context {
  const { burst } = context;
  if (burst === null) return context;
  return { ...context, burst: { ...burst, inVain: burst.inVain + 1, told: true } };
}

/** Whether a failure now is one more of a burst in which one was told. */
export function isFolded({ burst }: Context): boolean {
  return burst?.told ?? false;
}

/** After a candidate that newer files have outdated. */
export function outdatedInBurst(
  context: Context,
  { spawnedAt }: Generation,
  at: number,
): Context {
  const { burst } = context;
  if (burst === null || at - spawnedAt < BOOTED_MS) return context;
  return { ...context, burst: { ...burst, inVain: burst.inVain + 1 } };
}

function isGoingOn(burst: Burst | null, at: number): burst is Burst {
  return burst !== null && at - burst.triedAt < QUIET_MS;
}
