import type { Platform } from "../platform/platform.ts";

/** What tells a folder from another of its name: its number, and when it was born, where that is told. */
export interface FolderIdentity {
  readonly inode: number;
  /** Milliseconds since 1970, without their fractions. */
  readonly bornMs: number | null;
}

/** Of the folder that is there now. */
export function folderIdentity({ files }: Pick<Platform, "files">, dir: string): FolderIdentity {
  const owner = files.owner(dir);
  // Runtimes tell fractions of a millisecond, or do not.
  const bornMs = owner?.bornMs == null ? null : Math.floor(owner.bornMs);
  return { inode: owner?.inode ?? 0, bornMs };
}
