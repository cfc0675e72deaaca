import { dirname } from "@std/path";
import type { Owner, Platform } from "../platform/platform.ts";

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
/** In such a folder nobody removes or renames what is another's. */
const STICKY = 0o1000;
/** The user who may do anything anyway. */
export const ROOT = 0;

type Who = Pick<Platform, "files" | "user">;

/**
 * Why another user could change what is in the folder `dir`, or put another in its place; null where only
 * this user, and root, can. `dir` must be a real path. Without users (Windows) nothing is found.
 */
export function exposureOf({ files, user }: Who, dir: string): string | null {
  if (user === null) return null;
  const owner = files.owner(dir);
  if (owner === null) return exposureAbove({ files, user }, dir);
  if (owner.kind === "symlink") return "it is a link";
  if (owner.kind !== "directory") return "it is not a folder";
  if (owner.uid !== user.uid) return `it belongs to ${nameOf(owner.uid)}`;
  if (isWritableByOthers(owner)) return "other users can write to it";
  return exposureAbove({ files, user }, dir);
}

/** The same of the folders above `dir`, which may be missing itself. */
function exposureAbove(who: Who, dir: string): string | null {
  const folder = dirname(dir);
  if (folder === dir) return null;
  return exposureByFolder(who, folder) ?? exposureAbove(who, folder);
}

function exposureByFolder({ files, user }: Who, folder: string): string | null {
  const owner = files.owner(folder);
  if (owner === null || user === null) return null;
  // Who owns "/" owns the machine; in a user namespace that user may have no number.
  if (owner.uid !== user.uid && owner.uid !== ROOT && folder !== "/") {
    return `"${folder}" above it belongs to ${nameOf(owner.uid)}`;
  }
  const isExposed = isWritableByOthers(owner) && (owner.mode & STICKY) === 0;
  return isExposed ? `other users can write to "${folder}" above it` : null;
}

/**
 * A group with the number of the user is that user's alone: where each user has such a group, the default
 * mode lets it write (`usergroups` of pam_umask(8)).
 */
function isWritableByOthers({ uid, gid, mode }: Owner): boolean {
  return (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && gid !== uid);
}

function nameOf(uid: number): string {
  return uid === ROOT ? "root" : `another user (${uid})`;
}
