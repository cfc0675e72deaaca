import { openDenoLibc } from "./libc.ts";
import { directFiles } from "../linux/direct_files.ts";
import { nodeFiles } from "../node/files.ts";
import type { Entry, EntryKind, Files, Stat } from "../platform.ts";
import { systemError } from "../node/system_error.ts";

/** Files on Deno: what a walk does thousands of times by Deno's own names, which are three times as fast. */
export const denoFiles: Files = {
  ...nodeFiles,
  stat: (path) => statOrNull(path, Deno.statSync),
  lstat: (path) => statOrNull(path, Deno.lstatSync),
  direct: () => directFiles(denoFiles, openDenoLibc),
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

function statOrNull(path: string, stat: (path: string) => Deno.FileInfo): Stat | null {
  try {
    return statOf(stat(path));
  } catch (error) {
    const failure = systemError(error, `look at "${path}"`, path);
    if (failure.code === "ENOENT" || failure.code === "ENOTDIR") return null;
    throw failure;
  }
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
