import { read, readSync } from "node:fs";
import process from "node:process";
import { FIONREAD, type Libc, LIBC_FILE, shared } from "../linux/libc.ts";

const SYMBOLS = {
  inotify_init1: { args: ["i32"], returns: "i32" },
  inotify_add_watch: { args: ["i32", "ptr", "u32"], returns: "i32" },
  inotify_rm_watch: { args: ["i32", "i32"], returns: "i32" },
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" },
  __errno_location: { args: [], returns: "ptr" },
} as const;

type Function = (...values: readonly (number | NodeJS.TypedArray)[]) => number;

/** The little of `bun:ffi` that is used. */
interface Ffi {
  dlopen(file: string, symbols: typeof SYMBOLS): Library;
  readonly read: { i32(pointer: number, offset: number): number };
}

interface Library {
  readonly symbols: Readonly<Record<keyof typeof SYMBOLS, Function>>;
  close(): void;
}

/** Opens the C library; null where there is none of that name, or no way to call it. */
export const openBunLibc: () => Libc | null = shared(() => {
  try {
    const ffi = process.getBuiltinModule("bun:ffi") as Ffi | undefined;
    return ffi === undefined ? null : bunLibc(ffi, ffi.dlopen(LIBC_FILE, SYMBOLS));
  } catch {
    return null; // Another libc, say.
  }
});

/** Whether it can be opened. */
export function hasBunLibc(): boolean {
  const libc = openBunLibc();
  libc?.release();
  return libc !== null;
}

function bunLibc(ffi: Ffi, library: Library): Libc {
  const { symbols } = library;
  const count = new Int32Array(1);
  return {
    inotifyInit: symbols.inotify_init1,
    inotifyAddWatch: symbols.inotify_add_watch,
    inotifyRemoveWatch: symbols.inotify_rm_watch,
    read: (descriptor, into) =>
      new Promise((done) => {
        read(descriptor, into, 0, into.length, null, (error, count) => done(error ? -1 : count));
      }),
    readNow: (descriptor, into) => readSync(descriptor, into),
    readable: (descriptor) => symbols.ioctl(descriptor, FIONREAD, count) < 0 ? -1 : count[0]!,
    close: symbols.close,
    statx: symbols.statx,
    errno: () => ffi.read.i32(symbols.__errno_location(), 0),
    release: () => library.close(),
  };
}
