import { dirname, isAbsolute, join } from "@std/path";
import { type Files, type Platform, PlatformError } from "../platform/platform.ts";
import { once } from "../once.ts";
import { exposureOf, exposureOfLinks } from "./exposure.ts";
import { realPathOf } from "./real_path.ts";
import { isWithin } from "../paths/path.ts";
import { Sealer } from "./sealer.ts";

const KEY = /^[0-9a-f]{64}$/;
const KEY_BYTES = 64;
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** This user's key, by which baton tells what it wrote from what others did. */
export interface Secret {
  readonly sealer: Sealer;
  /** Where it is kept; null where no place is private enough, so that it is this process's only. */
  readonly path: string | null;
}

/**
 * This user's key: made once, and kept outside of every project in the first of the private folders that
 * can be had. Where none can, it is a new one each time. What was sealed with a key in another of the folders
 * is believed as well: a service may have been started without the HOME that a terminal has.
 */
export function openSecret(platform: Platform): Secret {
  const folders = privateFolders(platform);
  for (const [index, folder] of folders.entries()) {
    const path: string = join(folder, "key");
    const key = tolerate(() => readKey(platform, path) ?? makeKey(platform, folder, path));
    if (key != null) return secretOf(platform, path, key, folders.slice(index + 1));
  }
  return { sealer: new Sealer(platform.hmac, newKey(platform)), path: null };
}

/** This user's key, if there is one; makes and writes nothing. */
export function findSecret(platform: Platform): Secret | null {
  const folders = privateFolders(platform);
  for (const [index, folder] of folders.entries()) {
    const path: string = join(folder, "key");
    const key = tolerate(() => readKey(platform, path));
    if (key != null) return secretOf(platform, path, key, folders.slice(index + 1));
  }
  return null;
}

function secretOf(
  platform: Platform,
  path: string,
  key: string,
  others: readonly string[],
): Secret {
  const older = once(() =>
    others.map((folder) => tolerate(() => readKey(platform, join(folder, "key"))))
      .filter((one) => one !== null)
  );
  return { sealer: new Sealer(platform.hmac, key, older), path };
}

/** This user's own folders for what lasts, the best first, whether they can be had or not. */
export function privateFolders(platform: Platform): string[] {
  const { XDG_STATE_HOME: state = "", HOME: home = "", XDG_RUNTIME_DIR: runtime = "" } = platform
    .env();
  const temporary = platform.env().TMPDIR || "/tmp";
  const user = platform.user?.uid ?? "user";
  // The XDG Base Directory Specification calls for ignoring a relative path.
  return [
    isAbsolute(state) ? join(state, "baton") : "",
    isAbsolute(home) && !isAbsolute(state) ? join(home, ".local", "state", "baton") : "",
    isAbsolute(runtime) ? join(runtime, "baton") : "",
    isAbsolute(temporary) ? join(temporary, `baton-${user}`) : "",
  ].filter((folder) => folder !== "");
}

/**
 * Makes what is missing of a private folder. Null where others could change what is in it, or it would be in
 * the project: then nothing is made, least of all in a home folder that `sudo` has left to root.
 */
export function makePrivate(platform: Platform, folder: string, mode = 0o700): string | null {
  const { files } = platform;
  if (exposureOfLinks(platform, folder) !== null) return null;
  const real = realPathOf(files, folder);
  if (!isPrivate(platform, real)) return null;
  files.makeDir(real, mode);
  return isPrivate(platform, real) ? real : null;
}

function isPrivate(platform: Platform, real: string): boolean {
  const isInProject = platform.cwd !== "/" && isWithin(real, platform.cwd);
  return !isInProject && exposureOf(platform, real) === null;
}

function readKey(platform: Platform, path: string): string | null {
  const { files } = platform;
  if (files.owner(path) === null || exposureOfLinks(platform, path) !== null) return null;
  if (!isPrivate(platform, dirname(files.realPath(path)))) return null;
  const owner = files.owner(path);
  if (platform.user !== null && owner?.uid !== platform.user.uid) return null;
  if (platform.user !== null && ((owner?.mode ?? 0) & 0o077) !== 0) return null;
  const bytes = files.readRegular(path, { maxBytes: KEY_BYTES, follow: false });
  const key = new TextDecoder().decode(bytes);
  return KEY.test(key) ? key : null;
}

/** Of several that make one at once, exactly one wins: it is there whole, or not at all. */
function makeKey(platform: Platform, folder: string, path: string): string | null {
  const { files } = platform;
  if (makePrivate(platform, folder) === null) return null;
  const draft = `${path}.${platform.randomId()}.tmp`;
  try {
    files.createExclusively(draft, newKey(platform), 0o600);
    files.sync(draft);
    if (!linkTo(files, draft, path)) files.rename(draft, path);
    files.sync(folder);
  } finally {
    files.remove(draft);
  }
  return readKey(platform, path);
}

/** False where the file system has no further names for a file: the last of several that make one wins there. */
function linkTo(files: Files, from: string, to: string): boolean {
  try {
    files.link(from, to);
    return true;
  } catch (error) {
    if (error instanceof PlatformError && NO_LINKS.includes(error.code)) return false;
    throw error;
  }
}

function newKey({ randomId, sha256 }: Platform): string {
  // Two random ids have 244 bits from the system's generator between them.
  return sha256(new TextEncoder().encode(`${randomId()}${randomId()}`));
}

/** What the system refuses here, another place may allow. */
function tolerate<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
