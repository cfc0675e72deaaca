import { basename, dirname, isAbsolute, join } from "@std/path";
import { BatonError } from "../errors.ts";
import { isWithin } from "../paths/path.ts";
import type { Platform } from "../platform/platform.ts";
import { explained, refusedBySystem } from "../explain.ts";
import { ROOT } from "./exposure.ts";
import { realPathOf } from "./real_path.ts";
import type { Sealer } from "./sealer.ts";
import { findSecret, makePrivate, privateFolders, type Secret } from "./secret.ts";
import { furnish, isTaken, keeperOf, type Refusal, tryFolder } from "./take_folder.ts";
import { TemporaryFolder } from "./temporary.ts";

/** A folder that baton made as this user, and that only this user can write to. */
export interface StateFolder {
  /** Without links on the way. */
  readonly dir: string;
  readonly sealer: Sealer;
  /** Set where the folder that was asked for cannot be used. */
  readonly fallback: Fallback | null;
  /**
   * Where else the run that holds the folder is written down, as that may be removed meanwhile (`git clean -fdx`); absent
   * where no place is private enough.
   */
  readonly note?: string | undefined;
  /**
   * To be called before anything is changed in it: makes it again where it was removed meanwhile. Throws
   * `PlatformError`, also where something else is in its place by now.
   */
  ensure(): void;
}

/** Where the states are kept instead, and why not where they were asked to be. */
export interface Fallback extends Refusal {
  readonly dir: string;
}

const NEXT = 'Free the place, or choose another folder with "--state-dir"';
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
    const used = typeof tried === "string" ? tried : fallbackFolder(platform, secret, dir);
    const fallback = typeof tried === "string" ? null : { dir: used, ...tried };
    const note = secret.path === null
      ? undefined
      : join(dirname(secret.path), `run-${nameFor(platform, used)}.json`);
    return { dir: used, sealer, fallback, note, ensure: keeperOf(platform, sealer, used) };
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
    join(realPathOf(platform.files, dirname(dir)), basename(dir)),
    ...fallbacks(platform).map((one) => join(one, nameFor(platform, dir))),
  ];
  const used = folders.find((one) => isTaken(platform, sealer, one));
  return used === undefined ? null : { dir: used, sealer };
}

/** Root's programs may have become another user's, who cannot pass through root's home. */
function fallbacks(platform: Platform): string[] {
  const own = privateFolders(platform);
  const isChosen = isAbsolute(platform.env().XDG_STATE_HOME ?? "");
  return platform.user?.uid === ROOT && !isChosen ? [ROOTS_OWN, ...own] : own;
}

/** A folder of root's own, which other users can pass through; null for others, and where it cannot be had. */
export function rootsFolder(platform: Platform, name: string): string | null {
  if (!fallbacks(platform).includes(ROOTS_OWN)) return null;
  try {
    const real = makePrivate(platform, ROOTS_OWN, 0o711);
    return real === null ? null : join(real, name);
  } catch (error) {
    refusedBySystem(error);
    return null;
  }
}

/** A private folder that is found again, or else a new one under the temporary folder. */
function fallbackFolder(platform: Platform, { sealer, path }: Secret, dir: string): string {
  for (const folder of path === null ? [] : fallbacks(platform)) {
    const made = tryPrivate(platform, sealer, folder, nameFor(platform, dir));
    if (made !== null) return made;
  }
  const { dir: temporary } = new TemporaryFolder(platform);
  furnish(platform, sealer, temporary);
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
