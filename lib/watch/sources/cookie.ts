import { type Platform, PlatformError } from "../../platform/platform.ts";
import { COOKIE_PREFIX } from "../ignore/filter.ts";
import { childOf } from "../../paths/path.ts";

/** How long an event may take to arrive. */
const PATIENCE_MS = 1_000;

/**
 * Writes a cookie, as Watchman calls such a file, into the folder and waits for the event of it. True where nobody may write there, or no
 * watch is free: then nothing is known, and events are believed.
 */
export async function eventsArrive(platform: Platform, folder: string): Promise<boolean> {
  const cookie = childOf(folder, `${COOKIE_PREFIX}${platform.randomId()}`);
  const answer = Promise.withResolvers<boolean>();
  const watch = platform.events.watch({
    event: ({ path }) => path === cookie && answer.resolve(true),
    unwatched: () => answer.resolve(true),
  });
  watch.add([folder]);
  const cancel = platform.clock.after(PATIENCE_MS, () => answer.resolve(false));
  try {
    if (!platform.files.createExclusively(cookie, "")) return true;
    const arrived = await answer.promise;
    platform.files.remove(cookie);
    return arrived;
  } catch (error) {
    if (error instanceof PlatformError) return true;
    throw error;
  } finally {
    cancel();
    await watch.close();
  }
}
