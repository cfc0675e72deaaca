import { basename, dirname, join, resolve } from "@std/path";
import { type Files, PlatformError } from "../platform/platform.ts";

/** Where `path` leads, links followed; what of it is missing is named as it will be once it is made. */
export function realPathOf(files: Pick<Files, "owner" | "realPath">, path: string): string {
  const parent: string = dirname(path);
  if (parent === path || files.owner(path) !== null) return files.realPath(path);
  return join(realPathOf(files, parent), basename(path));
}

/** Whether it is seen at once that no link is followed on the way to `path`, which must be absolute and plain. */
export function hasNoLinks(files: Pick<Files, "owner" | "realPath">, path: string): boolean {
  try {
    return realPathOf(files, path) === path;
  } catch (error) {
    if (error instanceof PlatformError) return false; // A link that leads nowhere: who put it there is asked.
    throw error;
  }
}

/** As many links as Linux follows for one path (path_resolution(7)). */
const MAX_LINKS = 40;

/** Where the links are that are followed on the way to `path`, each without links on the way to it. */
export function linksTo(
  files: Pick<Files, "owner" | "realPath" | "readLink">,
  path: string,
  left: number = MAX_LINKS,
): string[] {
  const parent: string = dirname(path);
  if (parent === path || left <= 0) return [];
  const before = linksTo(files, parent, left);
  const here: string = join(realPathOf(files, parent), basename(path));
  if (files.owner(here)?.kind !== "symlink") return before;
  const target: string = resolve(dirname(here), files.readLink(here));
  return [...before, here, ...linksTo(files, target, left - before.length - 1)];
}
