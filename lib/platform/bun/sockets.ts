import process from "node:process";
import type { SocketCalls, SocketLibrary } from "../linux/held_socket.ts";
import { LIBC_FILE } from "../linux/libc.ts";

const SYMBOLS = {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  listen: { args: ["i32", "i32"], returns: "i32" },
  sendto: { args: ["i32", "ptr", "u32", "i32", "ptr", "u32"], returns: "i32" },
  getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  __errno_location: { args: [], returns: "ptr" },
} as const;

interface Library {
  readonly symbols: SocketCalls & { __errno_location(): number };
  close(): void;
}

interface Ffi {
  dlopen(file: string, symbols: typeof SYMBOLS): Library;
  readonly read: { i32(pointer: number, offset: number): number };
}

/** Opens what listens; null where it cannot be called. */
export function openBunSockets(): SocketLibrary | null {
  try {
    const ffi = process.getBuiltinModule("bun:ffi") as Ffi | undefined;
    if (ffi === undefined) return null;
    const { symbols, close } = ffi.dlopen(LIBC_FILE, SYMBOLS);
    return {
      calls: symbols,
      errno: () => ffi.read.i32(symbols.__errno_location(), 0),
      release: close,
    };
  } catch {
    return null; // Another libc, say.
  }
}
