import type { Cancel, Clock } from "./platform.ts";

/**
 * V8 gives back what a walk has left behind when it has rested for 8 s, in two or three goes and in steps of
 * a millisecond, but notices only when it is woken that it has.
 */
const WAKES_MS = [9_000, 18_000, 27_000];

/** Has the memory given back that nobody needs any more. */
export function wakeAtRest(clock: Clock): Cancel {
  const cancels = WAKES_MS.map((ms) => clock.after(ms, () => {}));
  return () => {
    for (const cancel of cancels) cancel();
  };
}
