import { isAbsolute, join } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Files, Platform, PlatformError } from "../platform/platform.ts";
import { entriesOf, explained, reasonOf, refusedBySystem } from "./fault.ts";
import { isWithin } from "../watch/location.ts";

export interface StateFolder {
  readonly dir: string;
  /** Set where the folder that was asked for cannot be written to. */
  readonly fallback: { readonly dir: string; readonly why: string } | null;
}

const NOT_WRITABLE = ["EACCES", "EPERM", "EROFS"];
const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/** Makes what is missing of a state folder: private, and ignored by git unless there is something else in it. */
export function makeFolder(files: Files, dir: string): void {
  const good: string = join(dir, "good");
  files.makeDir(dir, 0o700);
  const isNew = files.stat(good) === null && entriesOf(files, dir).length === 0;
  if (isNew) files.createExclusively(join(dir, ".gitignore"), "*\n", 0o600);
  files.makeDir(good, 0o700);
  files.makeDir(join(dir, "bad"), 0o700);
}

/**
 * Opens `dir`, or where this user may not write there a private folder: under `$XDG_STATE_HOME`
 * (`~/.local/state`) one that is found again, else a new one under the temporary folder.
 * Throws `BatonError` where none can be had, and where `dir` fails for another reason.
 */
export function openFolder(platform: Platform, dir: string): StateFolder {
  if (isWithin(platform.cwd, dir)) {
    throw new BatonError({
      what: `Cannot keep states in "${dir}": the project is in it`,
      where: '"--state-dir"',
      next: "Name a folder of its own, as .baton is",
    });
  }
  return explained(`Cannot use the state folder "${dir}"`, NEXT, () => {
    const refusal = tryFolder(platform, dir);
    if (refusal === null) return { dir, fallback: null };
    if (!NOT_WRITABLE.includes(refusal.code)) throw refusal;
    const fallback = fallbackFolder(platform, dir);
    return { dir: fallback, fallback: { dir: fallback, why: reasonOf(refusal) } };
  });
}

/** Where the states for `dir` are kept, if there are any; makes and writes nothing. */
export function findFolder(platform: Platform, dir: string): string {
  const folders = [dir, privateFolder(platform, dir)];
  const used = folders.find((one) =>
    one !== null && platform.files.stat(join(one, "good")) !== null
  );
  return used ?? dir;
}

/** Why `dir` cannot be made or written to; null where it can. */
function tryFolder(platform: Platform, dir: string): PlatformError | null {
  const { files } = platform;
  const probe: string = join(dir, `.probe-${platform.randomId()}`);
  try {
    makeFolder(files, dir);
    files.createExclusively(probe, "", 0o600);
    files.remove(probe);
    return null;
  } catch (error) {
    return refusedBySystem(error);
  }
}

function fallbackFolder(platform: Platform, dir: string): string {
  const lasting = privateFolder(platform, dir);
  if (lasting !== null && tryFolder(platform, lasting) === null) return lasting;
  const temporary = platform.files.makeTempDir("baton-");
  makeFolder(platform.files, temporary);
  return temporary;
}

/** Follows the XDG Base Directory Specification, which calls for ignoring a relative path. */
function privateFolder(platform: Platform, dir: string): string | null {
  const { XDG_STATE_HOME: state = "", HOME: home = "" } = platform.env();
  const base: string | null = isAbsolute(state)
    ? state
    : isAbsolute(home)
    ? join(home, ".local", "state")
    : null;
  const name = platform.sha256(new TextEncoder().encode(dir)).slice(0, 16);
  return base === null ? null : join(base, "baton", name);
}
