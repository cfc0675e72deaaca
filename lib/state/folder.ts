import { basename, dirname, isAbsolute, join } from "@std/path";
import { BatonError } from "../errors.ts";
import { isWithin } from "../paths/path.ts";
import type { Platform } from "../platform/platform.ts";
import { explained, refusedBySystem } from "../explain.ts";
import { ROOT } from "./exposure.ts";
import { realPathOf } from "./real_path.ts";
import type { Sealer } from "./sealer.ts";
import { findSecret, makePrivate, privateFolders, type Secret } from "./secret.ts";
import {
  furnish,
  keeperOf,
  type Refusal,
  type Taken,
  takenBefore,
  tryFolder,
} from "./take_folder.ts";
import { TemporaryFolder } from "./temporary.ts";

/** A folder that baton made as this user, and that only this user can write to. */
export interface StateFolder {
  /** Without links on the way. */
  readonly dir: string;
  /** For what is in this folder: what was sealed for another one is not believed here. */
  readonly sealer: Sealer;
  /** Set where the folder that was asked for cannot be used. */
  readonly fallback: Fallback | null;
  /**
   * Where else the run that holds the folder is written down, as that may be removed meanwhile (`git clean -fdx`); absent
   * where no place is private enough.
   */
  readonly note?: Note | undefined;
  /**
   * To be called before anything is changed in it: makes it again where it was removed meanwhile. Throws
   * `PlatformError`, also where something else is in its place by now.
   */
  ensure(): void;
}

/** A file of the user's own that says who holds a state folder, and what seals it. */
export interface Note {
  readonly path: string;
  readonly sealer: Sealer;
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
    const used = "why" in tried ? fallbackFolder(platform, secret, dir) : tried;
    const fallback = "why" in tried ? { ...tried, dir: used.dir } : null;
    const note = secret.path === null ? undefined : {
      path: join(dirname(secret.path), `run-${nameFor(platform, used.dir)}.json`),
      sealer,
    };
    const ensure = keeperOf(platform, sealer, used);
    return { dir: used.dir, sealer: sealer.boundTo(used.id), fallback, note, ensure };
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
  for (const one of folders) {
    const taken = takenBefore(platform, sealer, one);
    if (taken !== null) return { dir: one, sealer: sealer.boundTo(taken.id) };
  }
  return null;
}

/**
 * This user's folders for what is not kept in the project. Root's programs may have become another user's, who cannot
 * pass through root's home.
 */
export function fallbacks(platform: Platform): string[] {
  const own = privateFolders(platform);
  const isChosen = isAbsolute(platform.env().XDG_STATE_HOME ?? "");
  return platform.user?.uid === ROOT && !isChosen ? [ROOTS_OWN, ...own] : own;
}

/**
 * A folder for what programs are to find, the same for all projects, and where no checkout brings anything; other users
 * can pass through root's, and read there. Null where none can be had.
 */
export function sharedFolder(platform: Platform, name: string): string | null {
  const isRoot = platform.user?.uid === ROOT;
  const folders = isRoot
    ? fallbacks(platform).filter((one) => one === ROOTS_OWN)
    : privateFolders(platform);
  for (const folder of folders) {
    const made = inPrivate(platform, folder, (real) => {
      const shared: string = join(real, name);
      platform.files.makeDir(shared, isRoot ? 0o755 : 0o700);
      return shared;
    });
    if (made !== null) return made;
  }
  return null;
}

/** A private folder that is found again, or else a new one under the temporary folder. */
function fallbackFolder(platform: Platform, { sealer, path }: Secret, dir: string): Taken {
  for (const folder of path === null ? [] : fallbacks(platform)) {
    const made = tryPrivate(platform, sealer, folder, nameFor(platform, dir));
    if (made !== null) return made;
  }
  const { dir: temporary } = new TemporaryFolder(platform);
  return furnish(platform, sealer, temporary);
}

function tryPrivate(
  platform: Platform,
  sealer: Sealer,
  folder: string,
  name: string,
): Taken | null {
  return inPrivate(platform, folder, (real) => {
    const made = tryFolder(platform, sealer, join(real, name));
    return "why" in made ? null : made;
  });
}

/** What `make` makes in a private folder, which is made first; null where the system refuses either. */
function inPrivate<T>(
  platform: Platform,
  folder: string,
  make: (real: string) => T | null,
): T | null {
  try {
    const real = makePrivate(platform, folder, folder === ROOTS_OWN ? 0o711 : 0o700);
    return real === null ? null : make(real);
  } catch (error) {
    refusedBySystem(error);
    return null;
  }
}

function nameFor({ sha256 }: Platform, dir: string): string {
  return sha256(new TextEncoder().encode(dir)).slice(0, 16);
}
