import { isAbsolute, join } from "@std/path";
import { type Platform, PlatformError } from "../platform/platform.ts";
import { exposureOf } from "./exposure.ts";
import { isWithin } from "../paths/path.ts";
import { Sealer } from "./sealer.ts";

const KEY = /^[0-9a-f]{64}$/;
const KEY_BYTES = 64;

/** This user's key, by which baton tells what it wrote from what others did. */
export interface Secret {
  readonly sealer: Sealer;
  /** Where it is kept; null where no place is private enough, so that it is this process's only. */
  readonly path: string | null;
}

/**
 * This user's key: made once, and kept outside of every project in the first of the private folders that
 * can be had. Where none can, it is a new one each time.
 */
export function openSecret(platform: Platform): Secret {
  for (const folder of privateFolders(platform)) {
    const path: string = join(folder, "key");
    const key = tolerate(() => readKey(platform, path) ?? makeKey(platform, folder, path));
    if (key != null) return { sealer: new Sealer(platform.hmac, key), path };
  }
  return { sealer: new Sealer(platform.hmac, newKey(platform)), path: null };
}

/** This user's key, if there is one; makes and writes nothing. */
export function findSecret(platform: Platform): Secret | null {
  for (const folder of privateFolders(platform)) {
    const path: string = join(folder, "key");
    const key = tolerate(() => readKey(platform, path));
    if (key != null) return { sealer: new Sealer(platform.hmac, key), path };
  }
  return null;
}

/** This user's own folders for what lasts, the best first: each real, and none of them in the project. */
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
  ].filter((folder) => folder !== "" && !isInProject(folder, platform.cwd));
}

function isInProject(folder: string, cwd: string): boolean {
  return cwd !== "/" && isWithin(folder, cwd);
}

/** Makes what is missing of a private folder; null where others could change what is in it. */
export function makePrivate(platform: Platform, folder: string, mode = 0o700): string | null {
  const { files } = platform;
  if (files.owner(folder) === null) files.makeDir(folder, mode);
  const real = files.realPath(folder);
  return exposureOf(platform, real) === null ? real : null;
}

function readKey(platform: Platform, path: string): string | null {
  const { files } = platform;
  if (files.owner(path) === null) return null;
  if (exposureOf(platform, join(files.realPath(path), "..")) !== null) return null;
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
    files.link(draft, path);
  } finally {
    files.remove(draft);
  }
  return readKey(platform, path);
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
