import { loadLibc } from "./deno_libc.ts";

const CALLS = {
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize", nonblocking: true },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32", nonblocking: true },
  posix_spawn: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_addchdir_np: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

export type PosixCalls = {
  readonly [Name in keyof typeof CALLS]: Deno.UnsafeFnPointer<(typeof CALLS)[Name]>["call"];
};

/** The C library, to be closed when its last call has returned. */
export interface PosixLibrary {
  readonly calls: PosixCalls;
  close(): void;
}

/**
 * What starts and reaps a process; null where it cannot be called. Calls are interpreted: that takes
 * microseconds, and to compile them takes milliseconds.
 */
export function openPosix(): PosixLibrary | null {
  const library = loadLibc(mapCalls(() => ({ type: "pointer" as const })));
  if (library === null) return null;
  const calls = mapCalls((name) => {
    const pointer = library.symbols[name] as Deno.PointerObject<Deno.ForeignFunction>;
    const call = new Deno.UnsafeFnPointer<Deno.ForeignFunction>(pointer, CALLS[name]);
    return call.call.bind(call);
  });
  return { calls: calls as unknown as PosixCalls, close: () => library.close() };
}

function mapCalls<T>(of: (name: keyof PosixCalls) => T): Record<keyof PosixCalls, T> {
  const names = Object.keys(CALLS) as (keyof PosixCalls)[];
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<keyof PosixCalls, T>;
}
