import type { Platform } from "../platform/platform.ts";
import type { WatchedFolders } from "../watch/watched_folders.ts";
import { isWithin } from "../paths/path.ts";
import { realPathOrNull, statOrNull } from "../paths/lookup.ts";

/**
 * The paths that are watched, and which of the folders that are searched for modules are not, though they are
 * below one of them: as a virtual environment in the project. By their real paths as well.
 */
export function watchedAmong(
  platform: Pick<Platform, "files">,
  watched: WatchedFolders,
  searched: readonly string[],
): { readonly roots: readonly string[]; readonly others: readonly string[] } {
  const withReal = (path: string) => [path, realPathOrNull(platform, path) ?? path];
  const roots = [...new Set(watched.roots.flatMap(withReal))];
  const others = searched.filter((path) => statOrNull(platform, path)?.kind === "directory")
    .flatMap(withReal)
    .filter((path) => roots.some((root) => isWithin(path, root)) && !watched.covers(path));
  return { roots, others: [...new Set(others)] };
}
