import type { Platform } from "../platform/platform.ts";
import type { Filter } from "./filter.ts";
import { childOf } from "./location.ts";
import { entriesIn, look, lookThrough } from "./look.ts";
import type { Folder } from "./picture.ts";
import { hasChangedSince } from "./since.ts";

/** Whether the last that happened in a folder, at or after that moment, is that an entry went. */
export function hasLost(
  platform: Platform,
  filter: Filter,
  folder: Folder,
  sinceCtimeMs: number,
): boolean {
  const stat = lookThrough(platform, folder.path);
  if (folder.isAnchor || !stat || stat.mtimeMs < sinceCtimeMs) return false;
  const paths = entriesIn(platform, folder.path).map(({ name }) => childOf(folder.path, name));
  const stats = paths.filter((path) => !filter.isOwn(path)).map((path) => look(platform, path));
  return !stats.some((stat) => stat !== null && hasChangedSince(stat, sinceCtimeMs));
}
