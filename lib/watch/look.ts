import { type Platform, PlatformError, type Stat } from "../platform/platform.ts";

/** What is at `path`, a link itself or what it leads to; null where nothing is, or nobody may look. */
export function look({ files }: Platform, path: string, follow = false): Stat | null {
  try {
    return follow ? files.stat(path) : files.lstat(path);
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
