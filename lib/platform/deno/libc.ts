import { openCalls, openLibrary } from "./foreign_calls.ts";
import { FIONREAD, type Libc, shared } from "../linux/libc.ts";

/** What is called once for each folder or file. */
const COMPILED = {
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
} as const;

const INTERPRETED = {
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_rm_watch: { parameters: ["i32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize", nonblocking: true },
  readNow: { name: "read", parameters: ["i32", "buffer", "usize"], result: "isize" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** Opens the C library; null where there is none of that name, or it may not be called without asking. */
export const openDenoLibc: () => Libc | null = shared(() => {
  const rest = openCalls(INTERPRETED);
  if (rest === null) return null;
  const library = openLibrary(COMPILED);
  if (library === null) {
    rest.close();
    return null;
  }
  const { symbols } = library;
  const { calls } = rest;
  const count = new Int32Array(1);
  const errno = new Deno.UnsafePointerView(calls.__errno_location()!); // of this thread, for good
  return {
    inotifyInit: calls.inotify_init1,
    inotifyAddWatch: symbols.inotify_add_watch,
    inotifyRemoveWatch: calls.inotify_rm_watch,
    read: async (descriptor, into) =>
      Number(await calls.read(descriptor, into, BigInt(into.length))),
    readNow: (descriptor, into) => Number(calls.readNow(descriptor, into, BigInt(into.length))),
    readable: (descriptor) => calls.ioctl(descriptor, BigInt(FIONREAD), count) < 0 ? -1 : count[0]!,
    close: calls.close,
    statx: symbols.statx,
    errno: () => errno.getInt32(),
    release() {
      library.close();
      rest.close();
    },
  };
});

/** Whether it can be opened; to know that costs little. */
export function hasDenoLibc(): boolean {
  const library = openCalls({ ...COMPILED, ...INTERPRETED });
  library?.close();
  return library !== null;
}
