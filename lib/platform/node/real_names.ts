import { basename, dirname, join } from "node:path";

/**
 * The names by which a path below watched folders was asked for: macOS tells of what is in `/tmp` as in `/private/tmp`.
 * A path that is in none of them, and is none itself, has no name.
 */
export function realNames(
  folders: readonly string[],
  realPath: (folder: string) => string,
): (path: string) => string[] {
  const asked = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of new Set([folder, realPath(folder)])) {
      asked.set(name, [...asked.get(name) ?? [], folder]);
    }
  }
  return (path) => [
    ...asked.get(path) ?? [],
    ...(asked.get(dirname(path)) ?? []).map((folder) => join(folder, basename(path))),
  ];
}
