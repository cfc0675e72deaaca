import { errorName, type Libc } from "./libc.ts";
import { PlatformError } from "../platform.ts";

// Of inotify(7).
export const MODIFY = 0x2;
const ATTRIB = 0x4;
const CLOSE_WRITE = 0x8;
const MOVED_FROM = 0x40;
const MOVED_TO = 0x80;
const CREATE = 0x100;
const DELETE = 0x200;
const DELETE_SELF = 0x400;
const MOVE_SELF = 0x800;
const UNMOUNT = 0x2000;
export const QUEUE_OVERFLOW = 0x4000;
export const IGNORED = 0x8000;
const ONLY_FOLDERS = 0x1000000;
const NOT_OF_UNLINKED = 0x4000000;
const CLOSE_ON_EXEC = 0o2000000;

const PARTIAL = MODIFY | ATTRIB | CREATE;
export const COMPLETE = CLOSE_WRITE | MOVED_FROM | MOVED_TO | DELETE | DELETE_SELF | MOVE_SELF |
  UNMOUNT;
const MASK = PARTIAL | COMPLETE | ONLY_FOLDERS | NOT_OF_UNLINKED;

const BUFFER_BYTES = 65_536;
/** Less than any event has: to read that waits for one, fails, and leaves it where it is (inotify(7)). */
const TOO_FEW_BYTES = 1;
const HEADER_BYTES = 16;

/** A signal can interrupt a wait, and what was waited for may be taken meanwhile; not so often in a row. */
const MAX_FAILURES = 100;

/** One entry of the queue. */
export interface InotifyEvent {
  readonly descriptor: number;
  readonly mask: number;
  /** Within the folder; "" for the folder itself. */
  readonly name: string;
}

/**
 * One inotify instance, and the thread that waits for what it says. The thread takes nothing: what the system has
 * said so far can be had at any time.
 */
export class InotifyQueue {
  readonly #libc: Libc;
  readonly #instance: number;
  readonly #ended = Promise.withResolvers<void>();
  readonly #encoder = new TextEncoder();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #failures = 0;
  #isClosed = false;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#instance = libc.inotifyInit(CLOSE_ON_EXEC);
    if (this.#instance >= 0) return;
    const error = this.#error("Cannot watch folders");
    libc.release();
    throw error;
  }

  /** The descriptor of the watch; the same again for the same folder. Throws `PlatformError`. */
  add(folder: string): number {
    const path = this.#encoder.encode(`${folder}\0`);
    const descriptor = this.#libc.inotifyAddWatch(this.#instance, path, MASK);
    if (descriptor < 0) throw this.#error(`Cannot watch "${folder}"`, folder);
    return descriptor;
  }

  /** After what is in the queue for it comes an `IGNORED`. False where the system has removed it before. */
  remove(descriptor: number): boolean {
    return this.#libc.inotifyRemoveWatch(this.#instance, descriptor) === 0;
  }

  /** Hands over what is said until `close`, or until the system fails. */
  async listen(hear: (events: Iterable<InotifyEvent>) => void): Promise<void> {
    const none = new Uint8Array(TOO_FEW_BYTES);
    while (!this.#isClosed && this.#failures < MAX_FAILURES) {
      this.#failures += 1;
      await this.#libc.read(this.#instance, none);
      for (const events of this.take(BUFFER_BYTES)) hear(events);
    }
    this.#isClosed = true;
    this.#libc.close(this.#instance);
    this.#libc.release();
    this.#ended.resolve();
  }

  /** What the system has said so far, `mostBytes` of it or so, to be looked at before more is asked for. */
  *take(mostBytes = Infinity): Iterable<Iterable<InotifyEvent>> {
    if (this.#isClosed) return;
    let left = Math.min(mostBytes, this.#libc.readable(this.#instance));
    while (left > 0) {
      const length = this.#libc.readNow(this.#instance, this.#buffer);
      if (length <= 0) return;
      this.#failures = 0;
      left -= length;
      yield eventsIn(this.#buffer.subarray(0, length));
    }
  }

  /** Lets go of these watches. Resolves when the system has taken the instance back. */
  close(descriptors: readonly number[]): Promise<void> {
    if (this.#isClosed) return this.#ended.promise;
    this.#isClosed = true;
    // That a watch is removed wakes the thread that waits. Where there is none to remove, it waits on.
    const removed = descriptors.filter((descriptor) => this.remove(descriptor));
    if (removed.length === 0) removed.push(...this.#addAny().filter((any) => this.remove(any)));
    return removed.length > 0 ? this.#ended.promise : Promise.resolve();
  }

  #addAny(): number[] {
    try {
      return [this.add("/")];
    } catch (error) {
      if (error instanceof PlatformError) return [];
      throw error;
    }
  }

  /** Of the last call. */
  #error(what: string, path?: string): PlatformError {
    const code = errorName(this.#libc.errno());
    return new PlatformError(code, `${what}: ${code}`, path);
  }
}

/** `struct inotify_event`: descriptor, mask, cookie, length of the name, and the name, padded with zeros. */
function* eventsIn(bytes: Uint8Array): Iterable<InotifyEvent> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const nameAt = at + HEADER_BYTES;
    const nextAt = nameAt + view.getUint32(at + 12, true);
    const padded = bytes.subarray(nameAt, nextAt);
    const end = padded.indexOf(0);
    const name = decoder.decode(end < 0 ? padded : padded.subarray(0, end));
    yield { descriptor: view.getInt32(at, true), mask: view.getUint32(at + 4, true), name };
    at = nextAt;
  }
}
