import type { Platform } from "../../platform/platform.ts";
import type { Filter } from "../ignore/filter.ts";
import { childOf } from "../../paths/path.ts";
import { entriesOrNone, lstatOrNull, statOrNull } from "../../paths/lookup.ts";
import type { Folder } from "./file_index.ts";
import { hasChangedSince } from "./since.ts";

/** Whether the last that happened in a folder, at or after that moment, is that an entry went. */
export function hasRemoval(
  platform: Platform,
  filter: Filter,
  folder: Folder,
  sinceCtimeMs: number,
): boolean {
  const stat = statOrNull(platform, folder.path);
  if (folder.isParentWatch || !stat || stat.mtimeMs < sinceCtimeMs) return false;
  const paths = entriesOrNone(platform, folder.path).map(({ name }) => childOf(folder.path, name));
  const stats = paths.filter((path) => !filter.isOwn(path)).map((path) =>
    lstatOrNull(platform, path)
  );
  return !stats.some((stat) => stat !== null && hasChangedSince(stat, sinceCtimeMs));
}
