import { clearImmediate, setImmediate } from "node:timers";
import type { Clock } from "../platform.ts";

/** The clock both runtimes have. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(ms, run) {
    // A timer takes a millisecond or two, where the next turn is meant.
    if (ms <= 0) {
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
