import type { Stat } from "../../platform/platform.ts";

/** Of a folder with no folder in it, which has its name above and its own "."; every folder in it adds a "..". */
const LINKS = 2;
const READABLE_BY_ALL = 0o444;

/** Whether no folder is in a folder, if its file system counts them, and it can surely be listed. */
export function isLeaf({ links, mode }: Stat): boolean {
  return links === LINKS && (mode & READABLE_BY_ALL) === READABLE_BY_ALL;
}
