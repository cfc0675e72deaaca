import { type Files, PlatformError } from "../platform.ts";

// Of open(2): how a file is opened, among its flags.
const ACCESS_BITS = 0o3;

/** Files that these processes have open for writing, by their real paths; of those that nobody may look into none. */
export function openForWriting(
  files: Pick<Files, "readDir" | "readText" | "readLink">,
  pids: readonly number[],
): Set<string> {
  const paths = new Set<string>();
  for (const pid of pids) {
    for (const { name } of orElse([], () => files.readDir(`/proc/${pid}/fd`))) {
      const path = orElse("", () => files.readLink(`/proc/${pid}/fd/${name}`));
      if (!path.startsWith("/") || paths.has(path)) continue;
      const info = orElse("", () => files.readText(`/proc/${pid}/fdinfo/${name}`));
      const flags = parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "0", 8);
      if ((flags & ACCESS_BITS) !== 0) paths.add(path);
    }
  }
  return paths;
}

/** Files that these processes execute, by their real paths; one that was replaced since is not the same any more. */
export function executed(files: Pick<Files, "readLink">, pids: readonly number[]): Set<string> {
  return new Set(pids.map((pid) => orElse("", () => files.readLink(`/proc/${pid}/exe`))));
}

/** Processes end, and close files, while they are looked at. */
function orElse<T>(nothing: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof PlatformError) return nothing;
    throw error;
  }
}
