import { type Platform, PlatformError } from "../platform/platform.ts";
import { PROBE_PREFIX } from "./filter.ts";
import { childOf, isWithin } from "./location.ts";

/** How long an event may take to arrive. */
const PATIENCE_MS = 1_000;

/** Mounts whose other side can write without an event here. */
const REMOTE =
  /^(nfs4?|cifs|smb3?|9p|virtiofs|vboxsf|prl_fs|fuse\.(sshfs|grpcfuse|osxfs|vmhgfs-fuse)|fakeowner|afs|ceph)$/;

/** Whether the folder is on a file system that others write to as well (Linux; elsewhere false). */
export function isOnRemoteMount(platform: Platform, folder: string): boolean {
  if (platform.os !== "linux") return false;
  let [longest, type] = ["", ""];
  for (const line of platform.files.readText("/proc/self/mountinfo").split("\n")) {
    const [mount, source] = line.split(" - ");
    const point = mount?.split(" ")[4]?.replaceAll("\\040", " ");
    if (point === undefined || source === undefined || !isWithin(folder, point)) continue;
    if (point.length >= longest.length) [longest, type] = [point, source.split(" ")[0]!];
  }
  return REMOTE.test(type);
}

/**
 * Writes a file into the folder and waits for the event of it. True where nobody may write there: then
 * nothing is known, and events are believed.
 */
export async function eventsArrive(platform: Platform, folder: string): Promise<boolean> {
  const probe = childOf(folder, `${PROBE_PREFIX}${platform.randomId()}`);
  const answer = Promise.withResolvers<boolean>();
  const watch = platform.events.watch({
    event: ({ path }) => path === probe && answer.resolve(true),
    unwatched: () => answer.resolve(false),
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
