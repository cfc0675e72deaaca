import { refusedBySystem } from "../explain.ts";
import type { FileDigest, Platform } from "../platform/platform.ts";
import { checksumOf, type Refusal } from "./checksum.ts";

/** What was found at a path, null where nothing is, and whether a copy of it was made. */
export interface Copied {
  readonly found: FileDigest | Refusal | null;
  readonly isCopy: boolean;
}

/**
 * Reads what a program has saved at `path`, and copies it to `to`. Where there is no room for a copy, or none is to be
 * made (null), what it saved is found, and will be taken itself.
 */
export function copyFrom(
  platform: Pick<Platform, "files">,
  path: string,
  to: string | null,
): Copied {
  if (to === null) return { found: checksumOf(platform, path), isCopy: false };
  try {
    return { found: copied(platform, path, to), isCopy: true };
  } catch (error) {
    refusedBySystem(error);
    return { found: checksumOf(platform, path), isCopy: false };
  }
}

/** Half a copy is there only where a baton was killed: it is not looked for, as the program is dark meanwhile. */
function copied(
  platform: Pick<Platform, "files">,
  path: string,
  to: string,
): FileDigest | Refusal | null {
  try {
    return checksumOf(platform, path, to);
  } catch (error) {
    if (refusedBySystem(error).code !== "EEXIST") throw error;
    platform.files.remove(to);
    return checksumOf(platform, path, to);
  }
}
