import type { DirectFiles, Platform } from "../../../lib/platform/platform.ts";

/** The same platform, on which some of what files do is done another way. */
export function withFiles(on: Platform, change: Partial<DirectFiles>): Platform {
  const direct = () => ({ ...on.files.direct(), ...change });
  return { ...on, files: { ...on.files, ...change, direct } };
}
