import { type Platform, PlatformError } from "../platform/platform.ts";
import { PROBE_PREFIX } from "./filter.ts";
import { childOf } from "./location.ts";

/** How long an event may take to arrive. */
const PATIENCE_MS = 1_000;

/**
 * Writes a file into the folder and waits for the event of it. True where nobody may write there, or no
 * watch is free: then nothing is known, and events are believed.
 */
export async function eventsArrive(platform: Platform, folder: string): Promise<boolean> {
  const probe = childOf(folder, `${PROBE_PREFIX}${platform.randomId()}`);
  const answer = Promise.withResolvers<boolean>();
  const watch = platform.events.watch({
    event: ({ path }) => path === probe && answer.resolve(true),
    unwatched: () => answer.resolve(true),
  });
  watch.add([folder]);
  const cancel = platform.clock.after(PATIENCE_MS, () => answer.resolve(false));
  try {
    if (!platform.files.createExclusively(probe, "")) return true;
    return await answer.promise;
  } catch (error) {
    if (error instanceof PlatformError) return true;
    throw error;
  } finally {
    cancel();
    await watch.close();
    platform.files.remove(probe);
  }
}
