import type { Cancel, Clock } from "./platform.ts";

/**
 * V8 gives back what a walk has left behind when it has rested for 8 s, in two goes and in steps of a
 * millisecond, but may notice only when it is woken that it has. Newer ones notice by themselves after 30 s.
 */
const WAKES_MS = [30_000, 39_000];

/** Has the memory given back that nobody needs any more. */
export function collectWhenIdle(clock: Clock): Cancel {
  const cancels = WAKES_MS.map((ms) => clock.after(ms, () => {}));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
