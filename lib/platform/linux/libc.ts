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

/** What watching can fail with; the same numbers on all of Linux (errno(3)). */
const NAMES: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  13: "EACCES",
  20: "ENOTDIR",
  23: "ENFILE",
  24: "EMFILE",
  28: "ENOSPC",
  36: "ENAMETOOLONG",
  40: "ELOOP",
};

export function errorName(errno: number): string {
  return NAMES[errno] ?? "UNKNOWN";
}
