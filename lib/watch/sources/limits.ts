import type { Explanation } from "../../errors.ts";
import { type Platform, PlatformError } from "../../platform/platform.ts";
import { childOf } from "../../paths/path.ts";
import { entriesOrNone, textOrEmpty } from "../../paths/lookup.ts";

const KEYS: Readonly<Record<string, { key: string; counts: RegExp; things: string }>> = {
  ENOSPC: { key: "max_user_watches", counts: /^inotify /gm, things: "watches" },
  EMFILE: { key: "max_user_instances", counts: /^inotify /m, things: "instances" },
};

/** Explains why `folders` folders are polled: the limit, how much of it is in use, and how it is raised. */
export function explainLimit(
  platform: Platform,
  error: PlatformError,
  folders: number,
): Explanation {
  const what = `Cannot watch ${folders} ${folders === 1 ? "folder" : "folders"}, polling instead`;
  if (error.code === "EMFILE" && isOutOfFiles(platform)) {
    const next = "Raise the limit of open files (ulimit -n)";
    return { what, where: "baton may open no more files", next };
  }
  const limit = platform.os === "linux" ? KEYS[error.code] : undefined;
  if (limit === undefined) {
    return { what, where: error.message, next: "Watch less with -w, or ignore more with -i" };
  }
  const name = `fs.inotify.${limit.key}`;
  const max = Number(platform.files.readText(`/proc/sys/${name.replaceAll(".", "/")}`));
  return {
    what,
    where: `${name} is ${max}, this user's programs have ${
      inUse(platform, limit.counts)
    } ${limit.things}`,
    next: `Raise it: sudo sysctl ${name}=${max * 4}`,
  };
}

/** Too many instances and too many open files are the same error. */
function isOutOfFiles({ files, cwd }: Platform): boolean {
  try {
    files.readDir(cwd);
    return false;
  } catch (error) {
    if (error instanceof PlatformError) return error.code === "EMFILE";
    throw error;
  }
}

/** Counts what the processes that this user may look into hold. */
function inUse(platform: Platform, counts: RegExp): number {
  let count = 0;
  for (const { name: pid } of entriesOrNone(platform, "/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = `/proc/${pid}/fdinfo`;
    for (const { name } of entriesOrNone(platform, folder)) {
      count += textOrEmpty(platform, childOf(folder, name)).match(counts)?.length ?? 0;
    }
  }
  return count;
}
