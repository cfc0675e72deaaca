import { systemError } from "../node/system_error.ts";
import type { EntryKind, Owner, Stat } from "../platform.ts";

/** Looks at what is at a path: loaded by itself, as a command that only talks to baton needs no more of files. */
export const looks = {
  owner: (path: string): Owner | null => lookOrNull(path, Deno.lstatSync, ownerOf),
  stat: (path: string): Stat | null => lookOrNull(path, Deno.statSync, statOf),
  lstat: (path: string): Stat | null => lookOrNull(path, Deno.lstatSync, statOf),
};

type Kinds = Pick<Deno.DirEntry, "isFile" | "isDirectory" | "isSymlink">;

export function kindOf({ isFile, isDirectory, isSymlink }: Kinds): EntryKind {
  if (isFile) return "file";
  if (isDirectory) return "directory";
  return isSymlink ? "symlink" : "other";
}

function lookOrNull<T>(
  path: string,
  look: (path: string) => Deno.FileInfo,
  toResult: (info: Deno.FileInfo) => T,
): T | null {
  try {
    return toResult(look(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    const failure = systemError(error, `look at "${path}"`, path);
    if (failure.code === "ENOENT" || failure.code === "ENOTDIR") return null;
    throw failure;
  }
}

function ownerOf(info: Deno.FileInfo): Owner {
  const { uid, gid, mode, ino, birthtime } = info;
  return {
    kind: kindOf(info),
    uid: uid ?? 0,
    gid: gid ?? 0,
    mode: mode ?? 0,
    inode: ino ?? 0,
    bornMs: birthtime?.getTime() || null,
  };
}

function statOf(info: Deno.FileInfo): Stat {
  return {
    kind: kindOf(info),
    sizeBytes: info.size,
    mtimeMs: info.mtime?.getTime() ?? 0,
    ctimeMs: changeTime(info),
    inode: info.ino ?? 0,
    device: info.dev,
    mode: info.mode ?? 0,
    links: info.nlink ?? 0,
  };
}

/**
 * Deno cuts the change time to whole seconds. A modification time within that second is the better
 * answer: whatever writes sets both.
 */
function changeTime({ ctime, mtime }: Deno.FileInfo): number {
  const cut = ctime?.getTime() ?? 0;
  const modified = mtime?.getTime() ?? 0;
  return modified >= cut && modified < cut + 1_000 ? modified : cut;
}
