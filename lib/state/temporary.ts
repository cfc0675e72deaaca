import { isAbsolute, join } from "@std/path";
import { type Platform, PlatformError } from "../platform/platform.ts";
import { exposureAbove, exposureOf, exposureOfLinks } from "./exposure.ts";

/**
 * A folder of this user's for the time of one run, in the first of the temporary folders where nobody else can
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
   * Makes it again where somebody who tidies up has removed it, elsewhere if another's is there by now. Returns
   * where it is; throws `PlatformError`.
   */
  keep(): string {
    this.#platform.files.makeDir(this.#dir, 0o700);
    if (exposureOf(this.#platform, this.#dir) !== null) this.#dir = make(this.#platform);
    return this.#dir;
  }

  /** Removes it with all that is in it, unless it is another's by now. */
  remove(): void {
    if (exposureOf(this.#platform, this.#dir) !== null) return;
    this.#platform.files.remove(this.#dir, { recursive: true });
  }
}

function make(platform: Platform): string {
  const { files } = platform;
  let refusal: string | null = null;
  for (const folder of foldersFor(platform.env())) {
    const real = files.realPath(folder);
    const why = exposureOfLinks(platform, folder) ?? exposureAbove(platform, join(real, "baton"));
    if (why === null) return files.makeTempDir(join(real, "baton-"));
    refusal ??= `Cannot use the temporary folder: ${why}`;
  }
  throw new PlatformError("EPERM", refusal ?? "There is no temporary folder");
}

function foldersFor({ TMPDIR, XDG_RUNTIME_DIR = "" }: Record<string, string>): string[] {
  return [TMPDIR || "/tmp", XDG_RUNTIME_DIR, "/tmp"].filter(isAbsolute);
}
