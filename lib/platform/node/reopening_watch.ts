import { statSync } from "node:fs";
import {
  type FolderObserver,
  type FolderWatch,
  PlatformError,
  type RawEvent,
} from "../platform.ts";
import { isGoneBy, systemError } from "./system_error.ts";

/** Every event is compared with every handle, so their number is bounded. */
const MAX_HANDLES = 16;

/** How often folders are tried again of which one was gone just then. */
const MAX_ATTEMPTS = 10;

/** A runtime's watcher on some folders. */
export interface Watcher {
  readonly instances: number;
  /** Nothing is called from here on. Resolves when the system has let go of the folders. */
  close(): Promise<void>;
}

/**
 * Watches each folder, not what is below it, through a runtime. Throws `PlatformError`, with `ENOENT` where
 * one is gone.
 */
export type OpenWatcher = (
  folders: readonly string[],
  onEvent: (event: RawEvent) => void,
  onError: (error: PlatformError) => void,
) => Watcher;

interface Handle {
  readonly folders: readonly string[];
  readonly watcher: Watcher;
}

/**
 * A set of folders, watched through a runtime. New folders come in a handle of their own.
 *
 * Runtimes share one watcher among all handles and count its folders by path: a folder that went and came
 * back under the same path gets no events while an old handle names that path, and closing the handle of a
 * folder that was renamed takes the events of its new name along. So nothing is closed piecemeal: everything
 * is closed, opened once the system has let go of it, and followed by a `rescan`, which finds what happened
 * in between.
 */
export class ReopeningWatch implements FolderWatch {
  readonly #openWatcher: OpenWatcher;
  readonly #observer: FolderObserver;
  /** In the order they came: a root comes before what is below it, which lets runtimes match it first. */
  readonly #wanted = new Set<string>();
  /** Paths of open handles whose folder is gone. */
  readonly #stale = new Set<string>();
  #handles: Handle[] = [];
  #isReopening = false;
  #isClosed = false;

  constructor(openWatcher: OpenWatcher, observer: FolderObserver) {
    this.#openWatcher = openWatcher;
    this.#observer = observer;
  }

  get isReopening(): boolean {
    return this.#isReopening;
  }

  get watches(): number {
    return this.#wanted.size;
  }

  get instances(): number {
    return this.#handles.reduce((sum, { watcher }) => sum + watcher.instances, 0);
  }

  add(folders: readonly string[]): void {
    for (const folder of folders) this.#wanted.add(folder);
    if (this.#isReopening) return;
    const mustRenew = folders.some((folder) => this.#stale.has(folder));
    if (mustRenew || this.#handles.length === MAX_HANDLES) this.#renew();
    else this.#open(folders);
  }

  remove(folder: string): void {
    if (this.#wanted.delete(folder)) this.#stale.add(folder);
  }

  hear(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wanted.clear();
    await this.#closeHandles();
  }

  async #closeHandles(): Promise<void> {
    await Promise.all(this.#handles.splice(0).map(({ watcher }) => watcher.close()));
  }

  async #renew(): Promise<void> {
    this.#isReopening = true;
    await this.#closeHandles();
    this.#isReopening = false;
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
      if (isGoneBy(error) && attempts > 1) {
        this.#open(folders.filter(isFolder), attempts - 1);
      } else if (error.code === "ENOSPC") this.#openWhatFits(folders, error);
      else this.#unwatched(folders, error);
    }
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
      this.#watch(folders).watcher.close();
      return true;
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    }
  }

  #watch(folders: readonly string[]): Handle {
    const handle: Handle = {
      folders,
      watcher: this.#openWatcher(
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
    handle.watcher.close();
    this.#unwatched(handle.folders.filter((folder) => this.#wanted.has(folder)), error);
  }

  #unwatched(folders: readonly string[], error: PlatformError): void {
    for (const folder of folders) this.#wanted.delete(folder);
    if (folders.length > 0) this.#observer.unwatched(folders, error);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    return !isGoneBy(systemError(error, `look at "${path}"`, path));
  }
}
