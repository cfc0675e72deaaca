import { type Libc, LIBC_FILE, shared } from "./libc.ts";

const SYMBOLS = {
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  inotify_rm_watch: { parameters: ["i32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize", nonblocking: true },
  close: { parameters: ["i32"], result: "i32" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** Opens the C library; null where there is none of that name, or it may not be called without asking. */
export const openDenoLibc: () => Libc | null = shared(() => {
  const library = loadLibc(SYMBOLS);
  return library === null ? null : denoLibc(library);
});

/** Whether it can be opened; to know that costs little. */
export function hasDenoLibc(): boolean {
  const names = Object.keys(SYMBOLS);
  const library = loadLibc(Object.fromEntries(names.map((name) => [name, { type: "pointer" }])));
  library?.close();
  return library !== null;
}

/** Null where it is not there, lacks one of these, or may not be called without asking. */
export function loadLibc<Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> | null {
  const { state } = Deno.permissions.querySync({ name: "ffi", path: LIBC_FILE });
  if (state !== "granted") return null;
  try {
    return Deno.dlopen(LIBC_FILE, symbols);
  } catch {
    return null; // Another libc, say.
  }
}

function denoLibc(library: Deno.DynamicLibrary<typeof SYMBOLS>): Libc {
  const { symbols } = library;
  return {
    inotifyInit: symbols.inotify_init1,
    inotifyAddWatch: symbols.inotify_add_watch,
    inotifyRemoveWatch: symbols.inotify_rm_watch,
    read: async (descriptor, into) =>
      Number(await symbols.read(descriptor, into, BigInt(into.length))),
    close: symbols.close,
    statx: symbols.statx,
    errno() {
      const location = symbols.__errno_location();
      return location === null ? 0 : new Deno.UnsafePointerView(location).getInt32();
    },
    release: () => library.close(),
  };
}
