import {
  COMPLETE,
  IGNORED,
  type InotifyEvent,
  InotifyQueue,
  MODIFY,
  QUEUE_OVERFLOW,
} from "./inotify_queue.ts";
import type { Libc } from "./libc.ts";
import {
  type FileEvents,
  type FolderObserver,
  type FolderWatch,
  PlatformError,
  type RawEvent,
} from "../platform.ts";
import { isGoneBy } from "../node/system_error.ts";

/** File events from Linux itself: one inotify instance a watch, from its first folder on. */
export function inotifyEvents(open: () => Libc | null): FileEvents {
  return {
    tellsCloseFromWrite: true,
    watch: (observer) => new InotifyWatch(open, observer),
  };
}

class InotifyWatch implements FolderWatch {
  readonly #open: () => Libc | null;
  readonly #observer: FolderObserver;
  #queue: InotifyQueue | null = null;
  readonly #descriptors = new Map<string, number>();
  /** More than one where folders are the same; kept until the system has said the last of them. */
  readonly #paths = new Map<number, readonly string[]>();
  #isClosed = false;
  readonly isReopening = false;

  constructor(open: () => Libc | null, observer: FolderObserver) {
    this.#open = open;
    this.#observer = observer;
  }

  get watches(): number {
    return this.#descriptors.size;
  }

  get instances(): number {
    return this.#queue === null ? 0 : 1;
  }

  add(folders: readonly string[]): void {
    for (const [at, folder] of folders.entries()) {
      try {
        this.#queue ??= this.#openQueue();
        this.#keep(folder, this.#queue.add(folder));
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        if (isGoneBy(error)) continue;
        const isLast = this.#queue === null || error.code === "ENOSPC";
        this.#observer.unwatched(isLast ? folders.slice(at) : [folder], error);
        if (isLast) return;
      }
    }
  }

  remove(folder: string): void {
    const descriptor = this.#descriptors.get(folder);
    if (descriptor === undefined) return;
    this.#descriptors.delete(folder);
    const paths = this.#paths.get(descriptor) ?? [];
    if (paths.length === 1) this.#queue?.remove(descriptor);
    else this.#paths.set(descriptor, paths.filter((path) => path !== folder));
  }

  hear(): boolean {
    if (this.#queue === null || this.#isClosed) return false;
    for (const events of this.#queue.take()) this.#passAll(events);
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#descriptors.clear();
    await this.#queue?.close([...this.#paths.keys()]);
  }

  #openQueue(): InotifyQueue {
    const libc = this.#open();
    if (libc === null) throw new PlatformError("ENOSYS", "Cannot watch folders: no C library");
    const queue = new InotifyQueue(libc);
    this.#listen(queue);
    return queue;
  }

  async #listen(queue: InotifyQueue): Promise<void> {
    await queue.listen((events) => this.#passAll(events));
    if (this.#isClosed) return;
    const folders = [...this.#descriptors.keys()];
    this.#queue = null;
    this.#descriptors.clear();
    this.#paths.clear();
    this.#observer.unwatched(folders, new PlatformError("EIO", "Cannot receive file events"));
  }

  /** That a folder is gone may be among what was lost; another may be there by now, and has no watch yet. */
  #recover(): void {
    const folders = [...this.#descriptors.keys()];
    const before = [...this.#paths.keys()];
    this.#descriptors.clear();
    this.#paths.clear();
    this.add(folders);
    for (const descriptor of before) {
      if (!this.#paths.has(descriptor)) this.#queue?.remove(descriptor);
    }
    for (const path of folders) {
      if (!this.#descriptors.has(path)) this.#observer.event({ kind: "complete", path });
    }
    this.#observer.event({ kind: "rescan", path: "" });
  }

  #keep(folder: string, descriptor: number): void {
    if (this.#descriptors.get(folder) === descriptor) return;
    this.remove(folder); // What was there before, and is there no more.
    this.#descriptors.set(folder, descriptor);
    const paths = this.#paths.get(descriptor) ?? [];
    if (!paths.includes(folder)) this.#paths.set(descriptor, [...paths, folder]);
  }

  #passAll(events: Iterable<InotifyEvent>): void {
    for (const event of events) if (!this.#isClosed) this.#pass(event);
  }

  #pass(event: InotifyEvent): void {
    const { descriptor, mask } = event;
    if (mask & QUEUE_OVERFLOW) return this.#recover();
    const paths = this.#paths.get(descriptor) ?? [];
    if (mask & IGNORED) {
      this.#paths.delete(descriptor);
      for (const path of paths) {
        if (this.#descriptors.get(path) === descriptor) this.#descriptors.delete(path);
      }
      return;
    }
    for (const folder of paths) this.#observer.event(eventIn(folder, event));
  }
}

function eventIn(folder: string, { mask, name }: InotifyEvent): RawEvent {
  const path = name === "" ? folder : folder === "/" ? `/${name}` : `${folder}/${name}`;
  return { kind: mask & COMPLETE ? "complete" : mask & MODIFY ? "writing" : "partial", path };
}
