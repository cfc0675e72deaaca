import { isAbsolute, join } from "@std/path";
import { MAX_ADDRESS_BYTES } from "../platform/pipes.ts";
import { type Platform, PlatformError } from "../platform/platform.ts";
import { refusedBySystem } from "../explain.ts";
import { exposureAbove, exposureOf, exposureOfLinks } from "./exposure.ts";
import { type FolderIdentity, folderIdentity } from "./folder_identity.ts";

/** A temporary folder, and what tells it from a later one of its name. */
export interface LeftFolder extends FolderIdentity {
  readonly dir: string;
}

/**
 * A folder of this user's for the time of one run, in `$XDG_RUNTIME_DIR` or the first of the temporary folders where nobody else can
 * put another in its place: who could would speak for baton on a pipe in it, or choose what baton removes.
 */
export class TemporaryFolder {
  readonly #platform: Platform;
  #dir: string;

  /** Makes it. Throws `PlatformError` where there is no place for it. */
  constructor(platform: Platform) {
    this.#platform = platform;
    this.#dir = make(platform);
  }

  get dir(): string {
    return this.#dir;
  }

  /**
   * Makes it again where somebody who tidies up has removed it, elsewhere if another's is there by now, or what
   * it was in is gone with the user's session. Returns where it is; throws `PlatformError`.
   */
  keep(): string {
    if (!this.#isKept()) this.#dir = make(this.#platform);
    return this.#dir;
  }

  #isKept(): boolean {
    try {
      this.#platform.files.makeDir(this.#dir, 0o700);
      return exposureOf(this.#platform, this.#dir) === null;
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    }
  }

  /** As it is to be written down, should nobody be left to remove it. */
  get left(): LeftFolder {
    return { dir: this.#dir, ...folderIdentity(this.#platform, this.#dir) };
  }

  /** Removes it with all that is in it, unless it is another's by now. */
  remove(): void {
    if (exposureOf(this.#platform, this.#dir) !== null) return;
    this.#platform.files.remove(this.#dir, { recursive: true });
  }
}

/** Removes the folder of a baton that was killed, unless it is another by now. Throws `PlatformError`. */
export function removeLeft(platform: Platform, left: LeftFolder): void {
  const { dir } = left;
  const found = folderIdentity(platform, dir);
  if (found.inode !== left.inode || found.bornMs !== left.bornMs) return;
  if (exposureOf(platform, dir) === null) platform.files.remove(dir, { recursive: true });
}

function make(platform: Platform): string {
  const { TMPDIR, XDG_RUNTIME_DIR } = platform.env();
  const runtime = makeInRuntime(platform, XDG_RUNTIME_DIR ?? "");
  if (runtime !== null) return runtime;
  let refusal: PlatformError | null = null;
  for (const folder of [TMPDIR || "/tmp", "/tmp"].filter(isAbsolute)) {
    try {
      return makeIn(platform, folder);
    } catch (error) {
      refusal ??= refusedBySystem(error);
    }
  }
  throw refusal ?? new PlatformError("EPERM", "There is no temporary folder");
}

/** Throws `PlatformError` where it cannot be used, be it missing, full, others' or of too long a name. */
function makeIn(platform: Platform, folder: string): string {
  const { files } = platform;
  const real = files.realPath(folder);
  const why = exposureOfLinks(platform, folder) ?? exposureAbove(platform, join(real, "baton")) ??
    whyTooLong(real);
  if (why === null) return files.makeTempDir(join(real, "baton-"));
  throw new PlatformError("EPERM", `Cannot use the temporary folder: ${why}`);
}

/** What is made in the folder are sockets, with names of at most so many bytes. */
const NAME_BYTES = 30;

function whyTooLong(folder: string): string | null {
  const longest = MAX_ADDRESS_BYTES - NAME_BYTES;
  const isTooLong = new TextEncoder().encode(folder).length > longest;
  return isTooLong ? `the path of "${folder}" is longer than ${longest} bytes` : null;
}

/** Nobody tidies up there. Null where it is not this user's alone, gone with a session, or full. */
function makeInRuntime(platform: Platform, folder: string): string | null {
  const { files, user } = platform;
  if (!isAbsolute(folder)) return null;
  try {
    const owner = files.owner(folder);
    const isOurs = owner !== null && owner.uid === user?.uid &&
      exposureOf(platform, folder) === null;
    const fits = whyTooLong(folder) === null;
    return isOurs && fits ? files.makeTempDir(join(files.realPath(folder), "baton-")) : null;
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
