import { type Platform, PlatformError } from "../platform/platform.ts";

/** More than browsers have, and few enough to bound a flood. */
const MOST = 8_192;
/** Each is two files, and half of those that may be open are left to what starts and watches the program. */
const SHARE = 4;

/** How many connections are served at once, of the files that this process may have open (Linux). */
export function mostConnections({ files }: Pick<Platform, "files">): number {
  try {
    const limits = files.readText("/proc/self/limits");
    const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
    return Math.min(MOST, Math.floor(limit / SHARE));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return MOST / SHARE / SHARE; // Where nobody can tell.
  }
}
