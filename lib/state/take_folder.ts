import { basename, dirname, join } from "@std/path";
import { isWithin } from "../paths/path.ts";
import { type Files, type Platform, PlatformError } from "../platform/platform.ts";
import { entriesOf, reasonOf, refusedBySystem } from "../explain.ts";
import { exposureAbove, exposureOf, exposureOfLinks } from "./exposure.ts";
import { hasMarker, isMarked, isUnused, markFolder, markOf } from "./marker.ts";
import { realPathOf } from "./real_path.ts";
import type { Sealer } from "./sealer.ts";

/** Why a folder is left alone. */
export interface Refusal {
  readonly why: string;
  /** What to do about it. */
  readonly next: string;
}

const NOT_WRITABLE = ["EACCES", "EPERM", "EROFS"];
/** The folders in a state folder. */
const INNER = ["good", "bad", "generations"];

/** A folder that is baton's. */
export interface Taken {
  /** Without links on the way. */
  readonly dir: string;
  /** What its marker says. */
  readonly id: string;
}

/** `dir`, once it has been made and can be written to; else why not. */
export function tryFolder(platform: Platform, sealer: Sealer, dir: string): Taken | Refusal {
  const { files } = platform;
  try {
    const taken = takeFolder(platform, sealer, dir);
    if ("why" in taken) return taken;
    const probe: string = join(taken.dir, `.probe-${platform.randomId()}`);
    files.createExclusively(probe, "", 0o600);
    files.remove(probe);
    // The first write may have given it another birth: what an overlay shows is copied then.
    if (!isMarked(platform, sealer, taken.dir)) markFolder(platform, sealer, taken.dir, taken.id);
    return taken;
  } catch (error) {
    const refusal = refusedBySystem(error);
    if (!NOT_WRITABLE.includes(refusal.code)) throw refusal;
    const next = 'Choose a folder that can be written to with "--state-dir"';
    return { why: reasonOf(refusal), next };
  }
}

/** Makes an empty folder that only this user can write to a state folder. */
export function furnish(platform: Platform, sealer: Sealer, dir: string): Taken {
  const id = platform.randomId();
  markFolder(platform, sealer, dir, id);
  fillFolder(platform.files, dir);
  return { dir, id };
}

/** A folder that baton has made, with all that belongs into it; null where it is none. */
export function takenBefore(platform: Platform, sealer: Sealer, dir: string): Taken | null {
  try {
    if (exposureOf(platform, dir) !== null || !hasInner(platform.files, dir)) return null;
    const id = markOf(platform, sealer, dir);
    return id === null ? null : { dir, id };
  } catch (error) {
    refusedBySystem(error);
    return null;
  }
}

/**
 * What makes sure that `dir`, which is taken now, is still the folder that it is: it may be removed, or lose its
 * modes, and is then made again, with the same id. Throws `PlatformError`, also where something else is in its place: a link or a
 * folder that a checkout has brought.
 */
export function keeperOf(platform: Platform, sealer: Sealer, { dir, id }: Taken): () => void {
  const { files } = platform;
  let identity = identityOf(files, dir);
  return () => {
    const isSame = identity !== null && identityOf(files, dir) === identity;
    if (isSame && hasMarker(files, dir) && hasInner(files, dir)) return;
    if (isSame && exposureOf(platform, dir) === null) refill(platform, sealer, dir, id);
    else retake(platform, sealer, dir, id);
    identity = identityOf(files, dir);
  };
}

/** The folder is the one that was taken, though much of what was in it is not: somebody is removing that. */
function refill(platform: Platform, sealer: Sealer, dir: string, id: string): void {
  if (markOf(platform, sealer, dir) !== id) markFolder(platform, sealer, dir, id);
  const refusal = fillFolder(platform.files, dir);
  if (refusal !== null) throw refused(dir, refusal);
}

/** Null where it cannot be used as it is. */
function identityOf(files: Files, dir: string): string | null {
  const owner = files.owner(dir);
  if (owner?.kind !== "directory" || (owner.mode & 0o700) !== 0o700) return null;
  return `${owner.inode} ${owner.bornMs} ${owner.uid}`;
}

function hasInner(files: Files, dir: string): boolean {
  return INNER.every((name) => files.owner(join(dir, name))?.kind === "directory");
}

function retake(platform: Platform, sealer: Sealer, dir: string, id: string): void {
  const { files } = platform;
  const owner = files.owner(dir);
  const isOwn = owner?.kind === "directory" && owner.uid === (platform.user?.uid ?? owner.uid);
  if (isOwn && (owner.mode & 0o700) !== 0o700) files.chmod(dir, 0o700);
  const taken = takeFolder(platform, sealer, dir, id);
  if (!("why" in taken)) {
    // Another baton may have made it meanwhile, and found that this one holds it.
    if (taken.id !== id) markFolder(platform, sealer, dir, id);
    return;
  }
  throw refused(dir, taken);
}

function refused(dir: string, { why }: Refusal): PlatformError {
  return new PlatformError("EPERM", `Cannot use "${dir}" any more: ${why}`, dir);
}

/**
 * Makes `dir`, or what is missing of it, with this id where it is new; or says why it is left alone. The way to it is
 * looked at first: where nobody else can change it, what is seen of the folder stays true.
 */
function takeFolder(
  platform: Platform,
  sealer: Sealer,
  dir: string,
  newId: string = platform.randomId(),
): Taken | Refusal {
  const { files, user } = platform;
  const parent: string = dirname(dir);
  if (files.owner(dir)?.kind === "symlink") return linked(dir);
  const realParent = realPathOf(files, parent);
  if (isWithin(dir, platform.cwd) && !isWithin(realParent, files.realPath(platform.cwd))) {
    return linked(parent);
  }
  const real: string = join(realParent, basename(dir));
  const onTheWay = exposureOfLinks(platform, parent) ?? exposureAbove(platform, real);
  if (onTheWay !== null) return exposed(onTheWay);
  if (files.owner(real) === null) files.makeDir(real, 0o700);
  if (files.owner(real)?.kind !== "directory") return noFolder(dir);
  const isOwn = user === null || files.owner(real)?.uid === user.uid;
  const names = isOwn ? entriesOf(files, real).map(({ name }) => name) : [];
  if (isOwn && isUnused(names)) files.chmod(real, 0o700);
  const exposure = exposureOf(platform, real);
  if (exposure !== null) return exposed(exposure);
  const isNew = isUnused(names);
  const id = isNew ? newId : markOf(platform, sealer, real);
  if (id === null) return foreign(dir, names);
  if (isNew) markFolder(platform, sealer, real, id);
  return fillFolder(files, real) ?? { dir: real, id };
}

/**
 * Lets other users pass through the folder, who can then neither list it nor write to it: a program that root
 * has started and that goes on as another user (gosu, setpriv, su-exec) must get at its own files.
 */
export function letPass({ files }: Pick<Platform, "files">, dir: string): void {
  for (const path of [dir, join(dir, "generations")]) files.chmod(path, 0o711);
}

/** Makes what is missing in a folder of baton's own; null once nothing is. */
function fillFolder(files: Files, dir: string): Refusal | null {
  const ignored: string = join(dir, ".gitignore");
  if (files.owner(ignored) === null) files.createExclusively(ignored, "*\n", 0o600);
  for (const name of INNER) {
    const path: string = join(dir, name);
    if (files.owner(path) === null) files.makeDir(path, 0o700);
    if (files.owner(path)?.kind !== "directory") return linked(path);
  }
  return null;
}

function linked(path: string): Refusal {
  return {
    why: `"${path}" is a link`,
    next: 'Remove it, or name the folder that it leads to with "--state-dir"',
  };
}

function noFolder(path: string): Refusal {
  return {
    why: `"${path}" is no folder`,
    next: `Name a new folder with "--state-dir"; or remove it, if it is not yours`,
  };
}

function exposed(why: string): Refusal {
  return { why, next: 'Name a folder that only this user can write to with "--state-dir"' };
}

function foreign(dir: string, names: readonly string[]): Refusal {
  const name = names.find((one) => !INNER.includes(one) && one !== ".gitignore") ?? names[0];
  return {
    why:
      `it holds ${
        JSON.stringify(name)
      }, and this user's baton did not make it here: it was there before, ` +
      "or came with a checkout or a copy",
    next: `Name a new folder with "--state-dir"; or remove "${dir}", if nothing in it is yours`,
  };
}
