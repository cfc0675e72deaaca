import { dirname, isAbsolute, join } from "@std/path";
import { BatonError } from "../errors.ts";
import { type Platform, PlatformError } from "../platform/platform.ts";
import { isWithin } from "../paths/path.ts";
import { entriesOf, explained, reasonOf, refusedBySystem } from "./explain.ts";
import { exposureOf, ROOT } from "./exposure.ts";
import { isMarked, isUnused, markFolder } from "./marker.ts";
import type { Sealer } from "./sealer.ts";
import { findSecret, makePrivate, privateFolders, type Secret } from "./secret.ts";

/** A folder that baton made as this user, and that only this user can write to. */
export interface StateFolder {
  /** Without links on the way. */
  readonly dir: string;
  readonly sealer: Sealer;
  /** Set where the folder that was asked for cannot be used. */
  readonly fallback: Fallback | null;
}

/** Where the states are kept instead, and why not where they were asked to be. */
export interface Fallback {
  readonly dir: string;
  readonly why: string;
  /** What to do about it. */
  readonly next: string;
}

/** Why a folder is left alone. */
type Refusal = Omit<Fallback, "dir">;

const NOT_WRITABLE = ["EACCES", "EPERM", "EROFS"];
const NEXT = 'Free the place, or choose another folder with "--state-dir"';
/** The folders in a state folder. */
const INNER = ["good", "bad", "generations"];
/** Where root keeps what its programs must reach that go on as another user. */
const ROOTS_OWN = "/var/lib/baton";

/** Opens `dir`, or where that cannot be trusted or written to a private folder. Throws `BatonError`. */
export function openFolder(platform: Platform, secret: Secret, dir: string): StateFolder {
  if (isWithin(platform.cwd, dir)) {
    throw new BatonError({
      what: `Cannot keep states in "${dir}": the project is in it`,
      where: '"--state-dir"',
      next: "Name a folder of its own, as .baton is",
    });
  }
  return explained(`Cannot use the state folder "${dir}"`, NEXT, () => {
    const { sealer } = secret;
    const tried = secret.path === null ? NO_SECRET : tryFolder(platform, sealer, dir);
    if (typeof tried === "string") return { dir: tried, sealer, fallback: null };
    const fallback = fallbackFolder(platform, secret, dir);
    return { dir: fallback, sealer, fallback: { dir: fallback, ...tried } };
  });
}

const NO_SECRET: Refusal = {
  why: "no folder is private enough for the key by which baton knows what it wrote",
  next: "Let HOME, or XDG_STATE_HOME, name a folder that only this user can write to",
};

/** The folder where the states for `dir` are, if there are any; makes and writes nothing. */
export function findFolder(
  platform: Platform,
  dir: string,
): { readonly dir: string; readonly sealer: Sealer } | null {
  const secret = findSecret(platform);
  if (secret === null) return null;
  const { sealer } = secret;
  const folders = [
    dir,
    ...fallbacks(platform).map((one) => join(one, nameFor(platform, dir))),
  ];
  const used = folders.find((one) => isOurs(platform, sealer, one));
  return used === undefined ? null : { dir: used, sealer };
}

/**
 * Makes what is missing of a folder that was opened: somebody may have removed it, or taken away the right
 * to use it. Throws `PlatformError`, also where something else is in its place by now.
 */
export function remakeFolder(platform: Platform, sealer: Sealer, dir: string): void {
  const { files } = platform;
  const owner = files.owner(dir);
  const isOwn = owner?.kind === "directory" && owner.uid === (platform.user?.uid ?? owner.uid);
  if (isOwn && (owner.mode & 0o700) !== 0o700) files.chmod(dir, 0o700);
  const made = takeFolder(platform, sealer, dir);
  if (typeof made === "string") return;
  throw new PlatformError("EPERM", `Cannot use "${dir}" any more: ${made.why}`, dir);
}

function isOurs(platform: Platform, sealer: Sealer, dir: string): boolean {
  try {
    return exposureOf(platform, dir) === null && isMarked(platform, sealer, dir) &&
      INNER.every((name) => platform.files.owner(join(dir, name))?.kind === "directory");
  } catch (error) {
    refusedBySystem(error);
    return false;
  }
}

/** The real path of `dir`, once it has been made and can be written to; else why not. */
function tryFolder(platform: Platform, sealer: Sealer, dir: string): string | Refusal {
  const { files } = platform;
  try {
    const taken = takeFolder(platform, sealer, dir);
    if (typeof taken !== "string") return taken;
    const probe: string = join(taken, `.probe-${platform.randomId()}`);
    files.createExclusively(probe, "", 0o600);
    files.remove(probe);
    return taken;
  } catch (error) {
    const refusal = refusedBySystem(error);
    if (!NOT_WRITABLE.includes(refusal.code)) throw refusal;
    const next = 'Choose a folder that can be written to with "--state-dir"';
    return { why: reasonOf(refusal), next };
  }
}

/** Makes `dir`, or what is missing of it, and returns its real path; or why it is left alone. */
function takeFolder(platform: Platform, sealer: Sealer, dir: string): string | Refusal {
  const { files } = platform;
  const parent: string = dirname(dir);
  const owner = files.owner(dir);
  if (owner?.kind === "symlink") return linked(dir);
  if (files.stat(parent) === null) files.makeDir(parent, 0o700);
  const realParent = files.realPath(parent);
  if (isWithin(dir, platform.cwd) && !isWithin(realParent, files.realPath(platform.cwd))) {
    return linked(parent);
  }
  const real: string = realParent === parent ? dir : join(realParent, dir.slice(parent.length + 1));
  if (owner === null) {
    const exposure = exposureOf(platform, real);
    if (exposure !== null) return exposed(exposure);
    files.makeDir(real, 0o700);
  }
  const isOwn = platform.user === null || files.owner(real)?.uid === platform.user.uid;
  const names = isOwn ? entriesOf(files, real).map(({ name }) => name) : [];
  if (isOwn && isUnused(names)) files.chmod(real, 0o700);
  const exposure = exposureOf(platform, real);
  if (exposure !== null) return exposed(exposure);
  if (isUnused(names)) markFolder(platform, sealer, real);
  else if (!isMarked(platform, sealer, real)) return foreign(dir, names);
  return fillFolder(platform, real);
}

/**
 * Lets other users pass through the folder, who can then neither list it nor write to it: a program that root
 * has started and that goes on as another user (gosu, setpriv, su-exec) must get at its own files.
 */
export function letPass({ files }: Pick<Platform, "files">, dir: string): void {
  for (const path of [dir, join(dir, "generations")]) files.chmod(path, 0o711);
}

/** Makes what is missing in a folder of baton's own. */
function fillFolder({ files }: Platform, dir: string): string | Refusal {
  files.createExclusively(join(dir, ".gitignore"), "*\n", 0o600);
  for (const name of INNER) {
    const path: string = join(dir, name);
    files.makeDir(path, 0o700);
    if (files.owner(path)?.kind !== "directory") return linked(path);
  }
  return dir;
}

function linked(path: string): Refusal {
  return {
    why: `"${path}" is a link`,
    next: 'Remove it, or name the folder that it leads to with "--state-dir"',
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

/** Root's programs may have become another user's, who cannot pass through root's home. */
function fallbacks(platform: Platform): string[] {
  const own = privateFolders(platform);
  const isChosen = isAbsolute(platform.env().XDG_STATE_HOME ?? "");
  return platform.user?.uid === ROOT && !isChosen ? [ROOTS_OWN, ...own] : own;
}

/** A private folder that is found again, or else a new one under the temporary folder. */
function fallbackFolder(platform: Platform, { sealer, path }: Secret, dir: string): string {
  for (const folder of path === null ? [] : fallbacks(platform)) {
    const made = tryPrivate(platform, sealer, folder, nameFor(platform, dir));
    if (made !== null) return made;
  }
  const temporary = platform.files.makeTempDir("baton-");
  markFolder(platform, sealer, temporary);
  fillFolder(platform, temporary);
  return temporary;
}

function tryPrivate(
  platform: Platform,
  sealer: Sealer,
  folder: string,
  name: string,
): string | null {
  try {
    const real = makePrivate(platform, folder, folder === ROOTS_OWN ? 0o711 : 0o700);
    const made = real === null ? null : tryFolder(platform, sealer, join(real, name));
    return typeof made === "string" ? made : null;
  } catch (error) {
    refusedBySystem(error);
    return null;
  }
}

function nameFor({ sha256 }: Platform, dir: string): string {
  return sha256(new TextEncoder().encode(dir)).slice(0, 16);
}
