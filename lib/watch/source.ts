import type { FileEvents, FolderWatch, RawEvent } from "../platform/platform.ts";
import { PlatformError } from "../platform/platform.ts";

/** Beyond these, the instances are put together. */
const MAX_INSTANCES = 4;

export interface SourceObserver {
  event(event: RawEvent): void;
  /** No events arrive for these folders: there is no watch for them, or it broke. */
  unwatched(folders: readonly string[], error: PlatformError): void;
  /** Whether a folder is there; one that went while it was to be watched is left out. */
  exists(folder: string): boolean;
}

interface Instance {
  readonly folders: readonly string[];
  readonly watch: FolderWatch;
}

/**
 * Watches a set of folders that changes, in as few instances of the system's facility as possible: new
 * folders come in an instance of their own, and when there are too many these are put together, the new one
 * being opened before the old ones are closed. Events may come twice, none is missed.
 */
export class Source {
  readonly #events: FileEvents;
  readonly #observer: SourceObserver;
  readonly #wanted = new Set<string>();
  #instances: Instance[] = [];

  constructor(events: FileEvents, observer: SourceObserver) {
    this.#events = events;
    this.#observer = observer;
  }

  get watches(): number {
    return this.#wanted.size;
  }

  get instances(): number {
    return this.#instances.reduce((sum, { watch }) => sum + watch.instances, 0);
  }

  /** When it returns, each folder is watched or `unwatched` was called for it. */
  add(folders: readonly string[]): void {
    for (const folder of folders) this.#wanted.add(folder);
    this.#open(folders);
    if (this.#instances.length > MAX_INSTANCES) this.#consolidate();
  }

  /** The folder is gone or does not count any longer; the system forgets it by itself. */
  remove(folder: string): void {
    this.#wanted.delete(folder);
  }

  close(): void {
    for (const { watch } of this.#instances.splice(0)) watch.close();
    this.#wanted.clear();
  }

  /** Leaves the first, largest instance alone for as long as the others are small beside it. */
  #consolidate(): void {
    const [first, ...others] = this.#instances;
    const added = others.reduce((sum, { folders }) => sum + folders.length, 0);
    const old = added * 2 < first!.folders.length ? others : this.#instances;
    this.#instances = this.#instances.filter((instance) => !old.includes(instance));
    const folders = new Set(old.flatMap((instance) => instance.folders));
    this.#open([...folders].filter((folder) => this.#wanted.has(folder)));
    for (const { watch } of old) watch.close();
  }

  #open(folders: readonly string[]): void {
    if (folders.length === 0) return;
    try {
      this.#instances.push(this.#watch(folders));
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.code === "ENOENT") this.#open(this.#remaining(folders, error));
      else if (error.code === "ENOSPC") this.#openWhatFits(folders, error);
      else this.#unwatched(folders, error);
    }
  }

  #remaining(folders: readonly string[], error: PlatformError): string[] {
    const there = folders.filter((folder) => this.#observer.exists(folder));
    if (there.length === folders.length) throw error;
    return there;
  }

  /** Finds by halving how many of the folders can still be watched. */
  #openWhatFits(folders: readonly string[], error: PlatformError): void {
    let fits = 0;
    for (let tooMany = folders.length; tooMany - fits > 1;) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (this.#canWatch(folders.slice(0, middle))) fits = middle;
      else tooMany = middle;
    }
    this.#unwatched(folders.slice(fits), error);
    this.#open(folders.slice(0, fits));
  }

  #canWatch(folders: readonly string[]): boolean {
    try {
      this.#watch(folders).watch.close();
      return true;
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    }
  }

  #watch(folders: readonly string[]): Instance {
    const instance: Instance = {
      folders,
      watch: this.#events.watchFolders(
        folders,
        (event) => this.#observer.event(event),
        (error) => this.#broke(instance, error),
      ),
    };
    return instance;
  }

  #broke(instance: Instance, error: PlatformError): void {
    if (!this.#instances.includes(instance)) return;
    this.#instances = this.#instances.filter((other) => other !== instance);
    instance.watch.close();
    this.#unwatched(instance.folders.filter((folder) => this.#wanted.has(folder)), error);
  }

  #unwatched(folders: readonly string[], error: PlatformError): void {
    for (const folder of folders) this.#wanted.delete(folder);
    if (folders.length > 0) this.#observer.unwatched(folders, error);
  }
}
