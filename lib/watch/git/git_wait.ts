import type { Explanation } from "../../errors.ts";
import type { Platform } from "../../platform/platform.ts";
import { Git } from "./git.ts";

/** Waiting longer for git is said. */
const PATIENCE_MS = 1_000;

/** How long changes have waited for git. */
export class GitWait {
  readonly #platform: Platform;
  readonly #git: Git;
  readonly #onNotice: (notice: Explanation) => void;
  /** Infinity where the wait was said, null where nothing waits. */
  #since: number | null = null;

  constructor(
    platform: Platform,
    roots: readonly string[],
    onNotice: (notice: Explanation) => void,
  ) {
    this.#platform = platform;
    this.#git = new Git(platform, roots);
    this.#onNotice = onNotice;
  }

  /** Whether changes of these paths are to wait. */
  holds(paths: ReadonlySet<string>): boolean {
    const holder = this.#git.holder(paths);
    const now = this.#platform.clock.now();
    if (holder === null) this.#since = null;
    else if (this.#since === null) this.#since = now;
    else if (now - this.#since > PATIENCE_MS) {
      this.#since = Infinity;
      const next = "Changes wait until that is over, for a while; remove it if no git runs";
      this.#onNotice({ what: "Waiting for git", where: holder, next });
    }
    return holder !== null;
  }
}
