import { type Platform, PlatformError, type Stat } from "../platform/platform.ts";

/** What is at `path`, a link itself; null where nothing is, or nobody may look. */
export function look({ files }: Platform, path: string): Stat | null {
  try {
    return files.lstat(path);
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
