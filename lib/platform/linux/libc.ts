import { constants } from "node:os";
/** glibc; where there is another one, files are watched through the runtime. */
export const LIBC_FILE = "libc.so.6";

/** What is called of the system's C library: a negative number where it failed, and why in `errno`. */
export interface Libc {
  inotifyInit(flags: number): number;
  /** `path` ends with a zero. */
  inotifyAddWatch(instance: number, path: Uint8Array<ArrayBuffer>, mask: number): number;
  inotifyRemoveWatch(instance: number, watch: number): number;
  /** Waits for bytes on a thread of its own. */
  read(descriptor: number, into: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Reads on this thread: for bytes that are there. */
  readNow(descriptor: number, into: Uint8Array<ArrayBuffer>): number;
  /** How many bytes can be read without waiting, or less than 0. */
  readable(descriptor: number): number;
  close(descriptor: number): number;
  /** `path` ends with a zero. */
  statx(
    folder: number,
    path: Uint8Array<ArrayBuffer>,
    flags: number,
    mask: number,
    into: Uint8Array<ArrayBuffer>,
  ): number;
  /** Of the last call before, but for `read`. */
  errno(): number;
  /** Lets go of the library; to be called once. */
  release(): void;
}

/** One library for all who hold it at a time: to open it takes milliseconds. */
export function shared(open: () => Libc | null): () => Libc | null {
  let opened: Libc | null = null;
  let holders = 0;

  function release(): void {
    holders -= 1;
    if (holders > 0) return;
    opened?.release();
    opened = null;
  }

  return () => {
    opened ??= open();
    if (opened === null) return null;
    holders += 1;
    return { ...opened, release };
  };
}

/** Of two names for one number the first counts: `EAGAIN`, not `EWOULDBLOCK`. */
const NAMES = new Map(
  Object.entries(constants.errno).reverse().map(([name, number]) => [number, name]),
);

/** Of ioctl(2): how many bytes can be read. */
export const FIONREAD = 0x541b;

export function errorName(errno: number): string {
  return NAMES.get(errno) ?? "UNKNOWN";
}
