import { childOf } from "../../paths/path.ts";
import {
  type FolderWatch,
  type Platform,
  PlatformError,
  type RawEvent,
} from "../../platform/platform.ts";
import { COOKIE_PREFIX } from "../ignore/filter.ts";

/** How long the event of a cookie is waited for. */
const PATIENCE_MS = 1_000;

/**
 * Tells when every event of what has happened so far was heard, where the watch cannot be asked for them: a cookie, as Watchman calls such a file, is written
 * into a folder that joins the watch meanwhile, and its event comes after all of them. Only where the events
 * of a watch come in one queue.
 */
export class EventSync {
  readonly #platform: Platform;
  readonly #watch: FolderWatch;
  readonly #awaited = new Map<string, () => void>();

  constructor(platform: Platform, watch: FolderWatch) {
    this.#platform = platform;
    this.#watch = watch;
  }

  /** Whether the event is of a cookie. */
  takes({ path }: RawEvent): boolean {
    this.#awaited.get(path)?.();
    return this.#awaited.has(path);
  }

  /** True once they were heard; false where nobody can write there, or the event does not come. */
  async round(folder: string): Promise<boolean> {
    const { clock, events, files, randomId } = this.#platform;
    if (!events.tellsCloseFromWrite || this.#watch.isReopening) return false;
    const cookie = childOf(folder, `${COOKIE_PREFIX}${randomId()}`);
    const heard = Promise.withResolvers<boolean>();
    const cancel = clock.after(PATIENCE_MS, () => heard.resolve(false));
    this.#awaited.set(cookie, () => heard.resolve(true));
    if (this.#awaited.size === 1) this.#watch.add([folder]);
    try {
      files.createExclusively(cookie, "", 0o600);
      return await heard.promise;
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    } finally {
      cancel();
      this.#awaited.delete(cookie);
      if (this.#awaited.size === 0) this.#watch.remove(folder);
      files.remove(cookie);
    }
  }
}
