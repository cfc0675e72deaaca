import { openDenoLibc } from "./libc.ts";
import { directFiles } from "../linux/direct_files.ts";
import { nodeFiles } from "../node/files.ts";
import type { Entry, EntryKind, Files, Owner, Stat } from "../platform.ts";
import { systemError } from "../node/system_error.ts";

/**
 * Files on Deno: what a walk does thousands of times, and a start and a handoff dozens of times, by Deno's own
 * names, which are three to ten times as fast.
 */
export const denoFiles: Files = {
  ...nodeFiles,
  owner: (path) => lookOrNull(path, Deno.lstatSync, ownerOf),
  stat: (path) => lookOrNull(path, Deno.statSync, statOf),
  lstat: (path) => lookOrNull(path, Deno.lstatSync, statOf),
  direct: () => directFiles(denoFiles, openDenoLibc),
  realPath(path) {
    try {
      return Deno.realPathSync(path);
    } catch (error) {
      throw systemError(error, `resolve "${path}"`, path);
    }
  },
  readText(path) {
    try {
      return Deno.readTextFileSync(path);
    } catch (error) {
      throw systemError(error, `read "${path}"`, path);
    }
  },
  readDir(path) {
    try {
      return Array.from(Deno.readDirSync(path), entryOf);
    } catch (error) {
      throw systemError(error, `list "${path}"`, path);
    }
  },
};

type Kinds = Pick<Deno.DirEntry, "isFile" | "isDirectory" | "isSymlink">;

function entryOf(entry: Deno.DirEntry): Entry {
  return { name: entry.name, kind: kindOf(entry) };
}

function kindOf({ isFile, isDirectory, isSymlink }: Kinds): EntryKind {
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
