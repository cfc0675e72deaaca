import { refusedBySystem } from "../explain.ts";
import { collectWhenIdle } from "../platform/idle_gc.ts";
import type { Cancel, Platform } from "../platform/platform.ts";
import { sweep } from "../state/sweep.ts";

/** The program has long been started by then. */
const FIRST_MS = 60_000;
const MORE_MS = 60_000;
const AGAIN_MS = 86_400_000;

/** What nobody waits for: gives back memory, and removes what earlier batons have left. `used` are folders of this one. */
export function whenIdle(platform: Platform, used: readonly (string | null)[]): Cancel {
  const own = used.filter((one) => one !== null);
  const cancelCollect = collectWhenIdle(platform.clock);
  let cancel = platform.clock.after(FIRST_MS, tidy);

  function tidy(): void {
    cancel = platform.clock.after(hasMore() ? MORE_MS : AGAIN_MS, tidy);
  }

  function hasMore(): boolean {
    try {
      return sweep(platform, own);
    } catch (error) {
      refusedBySystem(error); // It is as well there as it was.
      return false;
    }
  }

  return () => {
    cancelCollect();
    cancel();
  };
}
