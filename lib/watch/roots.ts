import { resolve } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import { isWithin, parentOf } from "../paths/path.ts";

/** One path that the user asked to watch. */
export interface Root {
  /** Absolute. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** The folders above it that are not above the working directory: others may be put in their place. */
  readonly above: readonly string[];
}

/** Resolves what `-w` names, outer folders first. Throws `BatonError` where one is missing. */
export function resolveRoots(
  platform: Platform,
  settings: Pick<Settings, "cwd" | "watch">,
): Root[] {
  const roots = new Map<string, Root>();
  for (const given of settings.watch) {
    const path: string = resolve(settings.cwd, given);
    const stat = platform.files.stat(path);
    if (stat === null) {
      throw new BatonError({
        what: `Cannot watch "${given}": no such file or folder`,
        where: path,
        next: `Create it, or name another path with "-w"; paths are relative to "${settings.cwd}"`,
      });
    }
    const kind = stat.kind === "directory" ? "folder" : "file";
    roots.set(path, { path, kind, above: foldersBetween(settings.cwd, path) });
  }
  return [...roots.values()].sort((a, b) =>
    a.kind === b.kind ? a.path.length - b.path.length : a.kind === "folder" ? -1 : 1
  );
}

function foldersBetween(cwd: string, path: string): string[] {
  const folder = parentOf(path);
  return isWithin(cwd, folder) ? [] : [folder, ...foldersBetween(cwd, folder)];
}
