import type { Cancel } from "../platform.ts";

/** Nothing for this long ends a burst. */
const QUIET_MS = 20;

export interface EventBurst {
  count(): void;
  cancel: Cancel;
}

/** Calls `onLong` at the end of each burst that counted `limit` or more. */
export function eventBurst(limit: number, onLong: () => void): EventBurst {
  let counted = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    const wasLong = counted >= limit;
    counted = 0;
    if (wasLong) onLong();
  }

  return {
    count() {
      counted++;
      clearTimeout(timer);
      // One turn more than quiet: a timer may be overdue, and come before what waits to be counted.
      timer = setTimeout(() => timer = setTimeout(end, 0), QUIET_MS);
    },
    cancel: () => clearTimeout(timer),
  };
}
