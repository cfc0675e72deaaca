import type { Root } from "./roots.ts";
import type { Tree } from "./tree.ts";

/** Which folders are watched. */
export interface WatchedFolders {
  /** The paths that were asked for. */
  readonly roots: readonly string[];
  /** Whether files in this folder may count; while the folders are being crawled, not all are known. */
  covers(folder: string): boolean;
}

export function watchedFolders(roots: readonly Root[], tree: Tree): WatchedFolders {
  return {
    roots: roots.map(({ path }) => path),
    covers: (folder) => tree.index.folder(folder) !== undefined,
  };
}
