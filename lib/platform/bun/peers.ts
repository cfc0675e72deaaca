import process from "node:process";
import { LIBC_FILE } from "../linux/libc.ts";
import { CREDENTIALS, peerIn, SOCKET } from "../linux/peer_credentials.ts";
import type { Peer } from "../pipes.ts";

const SYMBOLS = {
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
} as const;

interface Ffi {
  dlopen(file: string, symbols: typeof SYMBOLS): {
    readonly symbols: {
      getsockopt(
        descriptor: number,
        level: number,
        name: number,
        value: Int32Array,
        length: Uint32Array,
      ): number;
    };
  };
}

let library: ReturnType<Ffi["dlopen"]> | null | undefined;

/** Who opened the connection with this descriptor. The library is opened for the first, not at the start. */
export function peerOf(descriptor: number | undefined): Peer | null {
  if (descriptor === undefined || process.platform !== "linux") return null;
  library = library === undefined ? open() : library;
  const credentials = new Int32Array(3);
  const length = new Uint32Array([credentials.byteLength]);
  return library?.symbols.getsockopt(descriptor, SOCKET, CREDENTIALS, credentials, length) === 0
    ? peerIn(credentials)
    : null;
}

function open(): ReturnType<Ffi["dlopen"]> | null {
  try {
    const ffi = process.getBuiltinModule("bun:ffi") as Ffi | undefined;
    return ffi?.dlopen(LIBC_FILE, SYMBOLS) ?? null;
  } catch {
    return null; // Another libc, say.
  }
}
