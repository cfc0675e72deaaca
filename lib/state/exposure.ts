import { dirname } from "@std/path";
import type { Owner, Platform } from "../platform/platform.ts";
import { hasNoLinks, linksTo } from "./real_path.ts";

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
  // Baton made it for nobody else: where a list of who has access was put on it, that shows here as the group's.
  if ((owner.mode & (GROUP_WRITES | OTHERS_WRITE)) !== 0) return "other users can write to it";
  return exposureAbove({ files, user }, dir);
}

/**
 * The same of the folders above `dir` alone, which may be missing itself. Where there is nothing, nobody else
 * can change what is at `dir` between a look at it and what is then done.
 */
export function exposureAbove(who: Who, dir: string): string | null {
  const folder = dirname(dir);
  if (folder === dir) return null;
  return exposureByFolder(who, folder) ?? exposureAbove(who, folder);
}

/** Why another user could let the path `named` lead elsewhere, by a link on the way; null where none could. */
export function exposureOfLinks(who: Who, named: string): string | null {
  if (who.user === null || hasNoLinks(who.files, named)) return null;
  return linksTo(who.files, named)
    .map((link) => exposureAbove(who, link))
    .find((why) => why !== null) ?? null;
}

function exposureByFolder({ files, user }: Who, folder: string): string | null {
  const owner = files.owner(folder);
  if (owner === null || user === null) return null;
  if (owner.uid !== user.uid && owner.uid !== ROOT && !isOfTheSystem({ files, user }, folder)) {
    return `"${folder}" above it belongs to ${nameOf(owner.uid)}`;
  }
  const isExposed = isWritableByOthers(owner) && (owner.mode & STICKY) === 0;
  return isExposed ? `other users can write to "${folder}" above it` : null;
}

/**
 * Who owns "/" owns the machine, and made what is in it. In a user namespace, as sandboxes have one, that user
 * has no number, and shares the one for such users with all others.
 */
function isOfTheSystem({ files }: Who, folder: string): boolean {
  return dirname(folder) === "/" && files.owner("/")?.uid === files.owner(folder)?.uid;
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
