import {
  type FolderWatch,
  type Platform,
  PlatformError,
  type RawEvent,
} from "../platform/platform.ts";

/** Every event is compared with every handle, so their number is bounded. */
const MAX_HANDLES = 16;

/** How often folders are tried again of which one was gone just then. */
const MAX_ATTEMPTS = 10;

export interface SourceObserver {
  event(event: RawEvent): void;
  /** No events arrive for these folders: there is no watch for them, or it broke. */
  unwatched(folders: readonly string[], error: PlatformError): void;
}

interface Handle {
  readonly folders: readonly string[];
  readonly watch: FolderWatch;
}

/**
 * Watches a set of folders that changes. New folders come in a handle of their own.
 *
 * Runtimes share one watcher among all handles and count its folders by path: a folder that went and came
 * back under the same path gets no events while an old handle names that path, and closing the handle of a
 * folder that was renamed takes the events of its new name along. So nothing is closed piecemeal: everything
 * is closed, opened once the system has let go of it, and followed by a `rescan`, which finds what happened
 * in between.
 */
export class Source {
  readonly #platform: Platform;
  readonly #observer: SourceObserver;
  /** In the order they came: a root comes before what is below it, which lets runtimes match it first. */
  readonly #wanted = new Set<string>();
  /** Paths of open handles whose folder is gone. */
  readonly #stale = new Set<string>();
  #handles: Handle[] = [];
  #isRenewing = false;
  #isClosed = false;

  constructor(platform: Platform, observer: SourceObserver) {
    this.#platform = platform;
    this.#observer = observer;
  }

  /** Whether some of what happens now has no event, but a `rescan` will follow. */
  get isRenewing(): boolean {
    return this.#isRenewing;
  }

  get watches(): number {
    return this.#wanted.size;
  }

  get instances(): number {
    return this.#handles.reduce((sum, { watch }) => sum + watch.instances, 0);
  }

  /** What happens in the folders after this has an event, or a `rescan` follows. */
  add(folders: readonly string[]): void {
    for (const folder of folders) this.#wanted.add(folder);
    if (this.#isRenewing) return;
    const mustRenew = folders.some((folder) => this.#stale.has(folder));
    if (mustRenew || this.#handles.length === MAX_HANDLES) this.#renew();
    else this.#open(folders);
  }

  /** The folder is gone, or it does not count any longer. */
  remove(folder: string): void {
    if (this.#wanted.delete(folder)) this.#stale.add(folder);
  }

  close(): void {
    this.#isClosed = true;
    this.#wanted.clear();
    this.#closeHandles();
  }

  async #closeHandles(): Promise<void> {
    await Promise.all(this.#handles.splice(0).map(({ watch }) => watch.close()));
  }

  async #renew(): Promise<void> {
    this.#isRenewing = true;
    await this.#closeHandles();
    this.#isRenewing = false;
    if (this.#isClosed) return;
    this.#stale.clear();
    this.#open([...this.#wanted]);
    this.#observer.event({ kind: "rescan", path: "" });
  }

  #open(folders: readonly string[], attempts = MAX_ATTEMPTS): void {
    if (folders.length === 0) return;
    try {
      this.#handles.push(this.#watch(folders));
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      // A folder that comes and goes may be there again by now.
      if (error.code === "ENOENT" && attempts > 1) {
        this.#open(this.#existing(folders), attempts - 1);
      } else if (error.code === "ENOSPC") this.#openWhatFits(folders, error);
      else this.#unwatched(folders, error);
    }
  }

  #existing(folders: readonly string[]): string[] {
    return folders.filter((folder) => this.#platform.files.stat(folder)?.kind === "directory");
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

  #watch(folders: readonly string[]): Handle {
    const handle: Handle = {
      folders,
      watch: this.#platform.events.watchFolders(
        folders,
        (event) => this.#observer.event(event),
        (error) => this.#broke(handle, error),
      ),
    };
    return handle;
  }

  #broke(handle: Handle, error: PlatformError): void {
    if (!this.#handles.includes(handle)) return;
    this.#handles = this.#handles.filter((other) => other !== handle);
    handle.watch.close();
    this.#unwatched(handle.folders.filter((folder) => this.#wanted.has(folder)), error);
  }

  #unwatched(folders: readonly string[], error: PlatformError): void {
    for (const folder of folders) this.#wanted.delete(folder);
    if (folders.length > 0) this.#observer.unwatched(folders, error);
  }
}
