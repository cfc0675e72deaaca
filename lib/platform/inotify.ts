import { errorName, type Libc } from "./libc.ts";
import { type FileEvents, type FolderWatch, PlatformError, type RawEvent } from "./platform.ts";

// Of inotify(7).
const MODIFY = 0x2;
const ATTRIB = 0x4;
const CLOSE_WRITE = 0x8;
const MOVED_FROM = 0x40;
const MOVED_TO = 0x80;
const CREATE = 0x100;
const DELETE = 0x200;
const DELETE_SELF = 0x400;
const MOVE_SELF = 0x800;
const UNMOUNT = 0x2000;
const QUEUE_OVERFLOW = 0x4000;
const IGNORED = 0x8000;
const ONLY_FOLDERS = 0x1000000;
const NOT_OF_UNLINKED = 0x4000000;

const PARTIAL = MODIFY | ATTRIB | CREATE;
const COMPLETE = CLOSE_WRITE | MOVED_FROM | MOVED_TO | DELETE;
const OF_ITSELF = DELETE_SELF | MOVE_SELF | UNMOUNT;
const MASK = PARTIAL | COMPLETE | OF_ITSELF | ONLY_FOLDERS | NOT_OF_UNLINKED;

const CLOSE_ON_EXEC = 0o2000000;

const HEADER_BYTES = 16;
const BUFFER_BYTES = 65_536;

/** A signal can interrupt a read; this many in a row are no signals. */
const MAX_FAILURES = 100;

/** One entry of the queue. */
interface Notice {
  readonly watch: number;
  readonly mask: number;
  /** Within the folder; "" for the folder itself. */
  readonly name: string;
}

interface Handle {
  /** The paths of each watch: more than one where folders are reached in several ways. */
  readonly paths: Map<number, string[]>;
  readonly onEvent: (event: RawEvent) => void;
  readonly onError: (error: PlatformError) => void;
}

/**
 * File events from Linux itself: one inotify instance for all handles, open as long as there are any. Null
 * where `open` does not give the C library.
 */
export function inotifyEvents(open: () => Libc | null): FileEvents | null {
  const library = open();
  if (library === null) return null;
  library.release();
  const handles = new Set<Handle>();
  let queue: Queue | null = null;

  function pass(notice: Notice): void {
    if (notice.mask & IGNORED) {
      for (const { paths } of handles) paths.delete(notice.watch);
    } else if (notice.mask & QUEUE_OVERFLOW) {
      for (const { onEvent } of handles) onEvent({ kind: "rescan", path: "" });
    } else {
      for (const { paths, onEvent } of handles) {
        for (const folder of paths.get(notice.watch) ?? []) onEvent(eventIn(folder, notice));
      }
    }
  }

  function broke(error: PlatformError): void {
    queue = null;
    for (const { onError } of [...handles]) onError(error);
  }

  function isWatched(watch: number): boolean {
    for (const { paths } of handles) if (paths.has(watch)) return true;
    return false;
  }

  return {
    tellsCloseFromWrite: true,

    watchFolders(folders, onEvent, onError): FolderWatch {
      const used = queue ??= new Queue(open() ?? library, pass, broke);
      const handle: Handle = { paths: new Map(), onEvent, onError };
      const close = () => {
        handles.delete(handle);
        for (const watch of handle.paths.keys()) if (!isWatched(watch)) used.remove(watch);
        handle.paths.clear();
        if (handles.size > 0 || queue !== used) return Promise.resolve();
        queue = null;
        return used.end();
      };
      handles.add(handle);
      try {
        for (const folder of folders) {
          const watch = used.add(folder);
          const paths = handle.paths.get(watch);
          if (paths === undefined) handle.paths.set(watch, [folder]);
          else paths.push(folder);
        }
      } catch (error) {
        close();
        throw error;
      }
      return { instances: 1, close };
    },
  };
}

function eventIn(folder: string, { mask, name }: Notice): RawEvent {
  const path = name === "" ? folder : folder === "/" ? `/${name}` : `${folder}/${name}`;
  return { kind: mask & (COMPLETE | OF_ITSELF) ? "complete" : "partial", path };
}

/** One inotify instance, and the thread that waits for what it says. */
class Queue {
  readonly #libc: Libc;
  readonly #instance: number;
  readonly #isRead: Promise<void>;
  #isOver = false;

  constructor(
    libc: Libc,
    pass: (notice: Notice) => void,
    broke: (error: PlatformError) => void,
  ) {
    this.#libc = libc;
    this.#instance = libc.inotifyInit(CLOSE_ON_EXEC);
    if (this.#instance < 0) {
      const error = this.#error("Cannot watch folders");
      libc.release();
      throw error;
    }
    this.#isRead = this.#read(pass, broke);
  }

  add(folder: string): number {
    const path = new TextEncoder().encode(`${folder}\0`);
    const watch = this.#libc.inotifyAddWatch(this.#instance, path, MASK);
    if (watch < 0) throw this.#error(`Cannot watch "${folder}"`, folder);
    return watch;
  }

  remove(watch: number): void {
    this.#libc.inotifyRemoveWatch(this.#instance, watch);
  }

  /** Resolves when the system has taken the instance back. */
  end(): Promise<void> {
    this.#isOver = true;
    this.remove(this.add("/")); // That a watch is removed wakes the thread that waits.
    return this.#isRead;
  }

  /** Of the last call. */
  #error(what: string, path?: string): PlatformError {
    const code = errorName(this.#libc.errno());
    return new PlatformError(code, `${what}: ${code}`, path);
  }

  async #read(
    pass: (notice: Notice) => void,
    broke: (error: PlatformError) => void,
  ): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    let failures = 0;
    while (!this.#isOver && failures < MAX_FAILURES) {
      const length = await this.#libc.read(this.#instance, buffer);
      failures = length > 0 ? 0 : failures + 1;
      if (this.#isOver || length <= 0) continue;
      for (const notice of noticesIn(buffer.subarray(0, length))) pass(notice);
    }
    this.#libc.close(this.#instance);
    this.#libc.release();
    if (!this.#isOver) broke(new PlatformError("EIO", "Cannot receive file events"));
  }
}

/** `struct inotify_event`: watch, mask, cookie, length of the name, and the name, padded with zeros. */
function* noticesIn(bytes: Uint8Array): Iterable<Notice> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const nameAt = at + HEADER_BYTES;
    const nextAt = nameAt + view.getUint32(at + 12, true);
    const padded = bytes.subarray(nameAt, nextAt);
    const end = padded.indexOf(0);
    const name = decoder.decode(end < 0 ? padded : padded.subarray(0, end));
    yield { watch: view.getInt32(at, true), mask: view.getUint32(at + 4, true), name };
    at = nextAt;
  }
}
