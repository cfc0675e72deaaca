import { BatonError, type Explanation } from "../../errors.ts";
import { reasonOf } from "../../explain.ts";
import type {
  DirectFiles,
  FolderWatch,
  Platform,
  PlatformError,
  RawEvent,
} from "../../platform/platform.ts";
import { POLL_INTERVAL_MS, type Settings } from "../../settings.ts";
import { eventsArrive } from "./cookie.ts";
import { EventSync } from "./event_sync.ts";
import { explainLimit } from "./limits.ts";
import { below, childOf, isWithin, nameOf, parentOf } from "../../paths/path.ts";
import { realPathOrNull, statOrNull } from "../../paths/lookup.ts";
import { type Mount, mountsBelow, mountsOf, remoteFolders } from "./mounts.ts";
import { Poll, type PollHandler } from "./poll.ts";
import { Watchman } from "../watchman/watchman.ts";

const ELSEWHERE = "others can write to its file system without an event here";

type EventSourcesSettings = Pick<Settings, "pollMs" | "source" | "stateDir" | "gitignore">;

export interface EventSourcesObserver {
  event(event: RawEvent): void;
  namesIn: PollHandler["namesIn"];
  freshness: PollHandler["freshness"];
  notice(notice: Explanation): void;
}

/** Hears of what happens in folders: by events, and by polling where no events arrive. */
export class EventSources {
  readonly #platform: Platform;
  readonly #settings: EventSourcesSettings;
  readonly #observer: EventSourcesObserver;
  readonly #native: FolderWatch;
  readonly #poll: Poll;
  readonly #sync: EventSync;
  readonly #folders = new Set<string>();
  #watchman: Watchman | null = null;
  #isAdding = false;
  /** How many folders were polled when it was last said why, by the cause: said again when they have doubled. */
  readonly #explained = new Map<string, number>();
  /** Folders whose events cannot be believed, nor those of what is below. */
  readonly #deaf: string[] = [];
  /** Folders with a file in them that is written to elsewhere. */
  readonly #half = new Set<string>();

  constructor(
    platform: Platform & { readonly files: DirectFiles },
    settings: EventSourcesSettings,
    observer: EventSourcesObserver,
  ) {
    this.#platform = platform;
    this.#settings = settings;
    this.#observer = observer;
    this.#native = platform.events.watch({
      event: (event) => this.#sync.takes(event) || observer.event(event),
      unwatched: (folders, error) => this.#unwatched(folders, error),
    });
    this.#sync = new EventSync(platform, this.#native);
    const { pollMs } = settings;
    const timing = { intervalMs: pollMs ?? POLL_INTERVAL_MS, isExact: pollMs !== null };
    this.#poll = new Poll(platform, timing, {
      namesIn: (folder) => observer.namesIn(folder),
      freshness: (folder, name) => observer.freshness(folder, name),
      event: (event) => observer.event(event),
    });
  }

  get inUse(): { watches: number; instances: number; polled: number } {
    const { watches, instances } = this.#native;
    return { watches, instances, polled: this.#poll.count };
  }

  /** Whether some of what happens now is not heard, but a `rescan` will follow. */
  get isReopening(): boolean {
    return this.#native.isReopening;
  }

  /** Turns to Watchman for these roots, where that was asked for; to be called before folders are added. */
  async open(roots: readonly string[]): Promise<void> {
    const { source, pollMs } = this.#settings;
    if (source !== "watchman" || pollMs !== null) return;
    this.#watchman = new Watchman(this.#platform, roots, this.#settings, {
      event: (event) => this.#observer.event(event),
      lost: (error) => this.#doWithoutWatchman(error),
    });
    try {
      await this.#watchman.open();
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      this.#doWithoutWatchman(error);
    }
  }

  /** What happens in the folders after this is heard. */
  add(folders: readonly string[]): void {
    for (const folder of folders) this.#folders.add(folder);
    if (this.#settings.pollMs !== null) return this.#poll.add(folders);
    this.#poll.add(folders.filter((folder) => this.#half.has(folder) || this.#isDeaf(folder)));
    const rest = folders.filter((folder) => this.#half.has(folder) || !this.#poll.has(folder));
    this.#isAdding = true;
    this.#native.add(rest.filter((folder) => !this.#watchman?.hears(folder)));
    this.#isAdding = false;
  }

  remove(folder: string): void {
    this.#folders.delete(folder);
    this.#native.remove(folder);
    this.#poll.remove(folder);
  }

  /**
   * Finds out whether events in these folders and below can be believed, and polls where not. A file is written
   * to see that, on each device of `roots`.
   */
  async prove(roots: readonly string[], others: readonly string[]): Promise<void> {
    if (this.#settings.pollMs !== null) return;
    const mounts = mountsOf(this.#platform, (refusal) => {
      const why = reasonOf(refusal);
      const what = `Cannot tell which folders others can write to without an event: ${why}`;
      this.#observer.notice({ what, next: 'Start baton with "--poll" if some are shared' });
    });
    for (const folder of others) this.#proveLocal(folder, mounts);
    const answers = new Map<number, Promise<boolean>>();
    for (const root of roots) {
      const stat = statOrNull(this.#platform, root);
      if (!stat || !this.#proveLocal(root, mounts)) continue;
      const arrive = answers.get(stat.device) ?? this.#eventsArrive(root, stat.device);
      answers.set(stat.device, arrive);
      if (!await arrive) this.#listenHarder(root, "no event arrived for a file written there");
    }
  }

  /** Whether others cannot write to its file system; what is mounted below it may be theirs. */
  #proveLocal(top: string, mounts: readonly Mount[]): boolean {
    const real = realPathOrNull(this.#platform, top);
    if (real === null) return false;
    const remote = remoteFolders(mounts, real);
    for (const folder of remote) {
      const path = folder === real ? top : childOf(top, below(real, folder));
      if (this.#folders.has(path) && !this.#isDeaf(path)) this.#listenHarder(path, ELSEWHERE);
    }
    for (const file of mountsBelow(mounts, real)) {
      this.#proveFile(childOf(top, below(real, file)));
    }
    return !remote.includes(real);
  }

  /** A file that is mounted by itself: where it is written to by its other name, no folder here hears of that. */
  #proveFile(path: string): void {
    const folder = parentOf(path);
    if (!this.#folders.has(folder) || this.#poll.has(folder)) return;
    if (statOrNull(this.#platform, path)?.kind !== "file") return;
    if (![...this.#observer.namesIn(folder)].includes(nameOf(path))) return;
    this.#half.add(folder);
    this.#poll.add([folder]);
    this.#sayPolling(folder, `"${nameOf(path)}" in it is mounted by itself`);
  }

  /** Resolves once everything that has happened so far was heard; with false where nobody can tell. */
  async sync(): Promise<boolean> {
    const { stateDir } = this.#settings;
    const isHeard = this.#watchman === null && this.#poll.count === 0 && this.#native.watches > 0;
    if (!isHeard) return false;
    return this.#native.hear() || this.#isOwn(stateDir) && await this.#sync.round(stateDir);
  }

  /** Resolves when the system has let go of the folders. */
  close(): Promise<void> {
    this.#watchman?.close();
    this.#poll.close();
    return this.#native.close();
  }

  /** Probes in the state folder where that is on the same device and this user's own: nobody else looks there. */
  #eventsArrive(root: string, device: number): Promise<boolean> {
    const { stateDir } = this.#settings;
    const isBeside = statOrNull(this.#platform, stateDir)?.device === device;
    return eventsArrive(this.#platform, isBeside && this.#isOwn(stateDir) ? stateDir : root);
  }

  #isOwn(folder: string): boolean {
    const { files, user } = this.#platform;
    const owner = files.owner(folder);
    return owner?.kind === "directory" && (user === null || owner.uid === user.uid);
  }

  #listenHarder(root: string, why: string): void {
    this.#deaf.push(root);
    this.#poll.add([...this.#folders].filter((folder) => isWithin(folder, root)));
    this.#sayPolling(root, why);
  }

  #sayPolling(folder: string, why: string): void {
    this.#observer.notice({ what: `Polling "${folder}"`, where: why });
    this.#observer.event({ kind: "rescan", path: "" });
  }

  #doWithoutWatchman({ what, where, next }: BatonError): void {
    const heard = [...this.#folders].filter((folder) => this.#watchman?.hears(folder));
    this.#watchman = null;
    this.#observer.notice({ what: `Watching natively: ${what}`, where, next });
    if (heard.length === 0) return;
    this.add(heard);
    this.#observer.event({ kind: "rescan", path: "" });
  }

  #isDeaf(folder: string): boolean {
    return this.#deaf.some((root) => isWithin(folder, root));
  }

  #unwatched(folders: readonly string[], error: PlatformError): void {
    this.#poll.add(folders);
    // What is being added now is polled before anybody looks at it.
    if (!this.#isAdding) this.#observer.event({ kind: "rescan", path: "" });
    if (this.#poll.count < 2 * (this.#explained.get(error.code) ?? 0)) return;
    this.#explained.set(error.code, this.#poll.count);
    this.#observer.notice(explainLimit(this.#platform, error, folders.length));
  }
}
