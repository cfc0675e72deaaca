/**
 * # Theory of operation
 *
 * Watchman watches whole trees for all programs of a user, and goes on when they end. Each root that is a
 * folder becomes one subscription over its socket; what it reports are events like any other: they say
 * "look", and the engine finds out what counts and what changed. It waits by itself until the tree has been
 * quiet for 20 ms, so a file it names is complete.
 *
 * Every answer carries a clock. Where the socket is lost (the daemon ended, or was upgraded), the next
 * connection asks what happened since the last clock that was heard; where Watchman cannot know
 * (`is_fresh_instance`), everything is looked at. Where it does not come back, `lost` is called, and folders
 * are watched natively.
 *
 * It follows no symbolic links, leaves out what `.watchmanconfig` tells it to, and the folders above the
 * roots are not its business: all these stay native.
 */
import { BatonError } from "../../errors.ts";
import type { Cancel, Platform, RawEvent } from "../../platform/platform.ts";
import type { Settings } from "../../settings.ts";
import { childOf, isWithin } from "../../paths/path.ts";
import { lstatOrNull, realPathOrNull } from "../../paths/lookup.ts";
import { findSocket } from "./address.ts";
import { type Message, WatchmanConnection } from "./connection.ts";

const REQUIRED = [
  "relative_root",
  "cmd-watch-project",
  "cmd-get-config",
  "wildmatch",
  "term-match",
];

/** Before each attempt to connect again. */
const RETRY_AFTER_MS = [0, 200, 1_000];

/** Big folders that nobody asked for are left out before they are sent; roots below them are not. */
const BUT_PACKAGES = ["not", [
  "match",
  "**/node_modules/**",
  "wholename",
  { includedotfiles: true },
]];

export interface WatchmanObserver {
  event(event: RawEvent): void;
  /** Nothing will be heard any more; something may have happened unheard. */
  lost(error: BatonError): void;
}

/** Hears from Watchman what happens below some folders. */
export class Watchman {
  readonly #platform: Platform;
  readonly #observer: WatchmanObserver;
  readonly #expression: unknown;
  /** Folders, with the last clock heard of each. */
  readonly #roots: Map<string, string | null>;
  /** Folders below them that are links. */
  readonly #symlinks = new Set<string>();
  /** Folders that Watchman leaves out. */
  readonly #leftOut = new Set<string>();
  #connection: WatchmanConnection | null = null;
  #pause: Cancel = () => {};
  #isClosed = false;

  constructor(
    platform: Platform,
    roots: readonly string[],
    { gitignore }: Pick<Settings, "gitignore">,
    observer: WatchmanObserver,
  ) {
    this.#platform = platform;
    this.#observer = observer;
    this.#expression = gitignore ? BUT_PACKAGES : "true";
    const real = roots.filter((root) => realPathOrNull(platform, root) === root);
    this.#roots = new Map(real.map((root) => [root, null]));
  }

  /**
   * Connects and subscribes: what happens after this has an event. Throws `BatonError` where Watchman is not
   * there or refuses.
   */
  async open(): Promise<void> {
    const socket = await findSocket(this.#platform);
    const connection = await WatchmanConnection.open(this.#platform, socket, {
      news: (message) => this.#heard(message),
      closed: () => this.#closed(connection),
    });
    try {
      await connection.ask("version", { required: REQUIRED });
      for (const root of this.#roots.keys()) await this.#subscribe(connection, root);
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#isClosed) connection.close();
    else this.#connection = connection;
  }

  /** Whether what happens in this folder is heard. A folder is asked about before those below it. */
  hears(folder: string): boolean {
    if (![...this.#roots.keys()].some((root) => isWithin(folder, root))) return false;
    if (lstatOrNull(this.#platform, folder)?.kind === "symlink") this.#symlinks.add(folder);
    else this.#symlinks.delete(folder);
    return ![...this.#symlinks, ...this.#leftOut].some((deaf) => isWithin(folder, deaf));
  }

  close(): void {
    this.#isClosed = true;
    this.#pause();
    this.#connection?.close();
  }

  async #subscribe(connection: WatchmanConnection, root: string): Promise<void> {
    const { watch = root, relative_path } = await connection.ask("watch-project", root);
    const { config } = await connection.ask("get-config", watch);
    for (const name of config?.ignore_dirs ?? []) this.#leftOut.add(childOf(watch, name));
    const wanted = {
      expression: this.#expression,
      fields: ["name"],
      empty_on_fresh_instance: true,
      ...relative_path === undefined ? {} : { relative_root: relative_path },
    };
    const last = this.#roots.get(root);
    const news = last === null
      ? await connection.ask("clock", watch)
      : await connection.ask("query", watch, { ...wanted, since: last });
    this.#heard({ ...news, subscription: root });
    await connection.ask("subscribe", watch, root, {
      ...wanted,
      since: news.clock,
      defer_vcs: false, // baton waits for git itself, and not forever
    });
  }

  #heard({ subscription: root, files, clock, is_fresh_instance, canceled }: Message): void {
    if (this.#isClosed || root === undefined) return;
    if (canceled) return this.#connection?.close();
    if (clock !== undefined) this.#roots.set(root, clock);
    if (is_fresh_instance) this.#observer.event({ kind: "rescan", path: "" });
    for (const name of files ?? []) {
      this.#observer.event({ kind: "complete", path: childOf(root, name) });
    }
  }

  #closed(connection: WatchmanConnection): void {
    if (this.#isClosed || this.#connection !== connection) return;
    this.#connection = null;
    this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    let reason: unknown;
    for (const delayMs of RETRY_AFTER_MS) {
      await new Promise<void>((done) => this.#pause = this.#platform.clock.after(delayMs, done));
      try {
        return await this.open();
      } catch (error) {
        reason = error;
      }
      if (this.#isClosed) return;
    }
    if (!(reason instanceof BatonError)) throw reason;
    this.#observer.lost(reason);
  }
}
