import { openCalls } from "./foreign_calls.ts";
import { ACCEPTS, COOKIE, CREDENTIALS, peerIn, SOCKET, UNIX } from "../linux/peer_credentials.ts";
import { spareDescriptor } from "../linux/spare_descriptor.ts";
import type { Peer } from "../pipes.ts";
import { PlatformError } from "../platform.ts";
import { denoFiles } from "./files.ts";

const CALLS = {
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
} as const;

/** `struct sockaddr_un`: the family in two bytes, then the path. */
const ADDRESS_BYTES = 110;
const PATH_AT = 2;

/** Tells who connects to one address. */
export interface PeerFinder {
  /** Who opened the connection that was accepted last; to be asked before the next is accepted. */
  newest(): Peer | null;
  close(): void;
}

/**
 * Finds the descriptors of connections, which Deno does not give, among the open files: an accepted socket
 * has the address that is listened at. The library is opened for the first connection, not at the start.
 */
export function peerFinder(path: string): PeerFinder {
  let library: ReturnType<typeof openCalls<typeof CALLS>> = null;
  /** Of connections before; no socket has the cookie of another. */
  const known = new Set<bigint>();
  const address = new Uint8Array(ADDRESS_BYTES);
  const length = new Uint32Array(1);

  function newest(): Peer | null {
    library ??= openCalls(CALLS);
    if (library === null) return null;
    for (const descriptor of openFiles()) {
      if (!isAt(descriptor) || option(descriptor, ACCEPTS, new Int32Array(1))?.[0] !== 0) continue;
      const cookie = option(descriptor, COOKIE, new BigUint64Array(1))?.[0];
      if (cookie === undefined || known.has(cookie)) continue;
      known.add(cookie);
      return peerIn(option(descriptor, CREDENTIALS, new Int32Array(3)));
    }
    return null;
  }

  function isAt(descriptor: number): boolean {
    length[0] = ADDRESS_BYTES;
    if (library?.calls.getsockname(descriptor, address, length) !== 0) return false;
    if (address[0] !== UNIX || length[0] <= PATH_AT) return false;
    return new TextDecoder().decode(address.subarray(PATH_AT, length[0])).split("\0")[0] === path;
  }

  function option<Value extends Int32Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>>(
    descriptor: number,
    name: number,
    value: Value,
  ): Value | null {
    length[0] = value.byteLength;
    return library?.calls.getsockopt(descriptor, SOCKET, name, value, length) === 0 ? value : null;
  }

  return { newest, close: () => library?.close() };
}

/** The newest descriptor is among the highest, as a rule. None where nobody can tell. */
function openFiles(): number[] {
  try {
    return spareDescriptor.use(() => denoFiles.readDir("/proc/self/fd"))
      .map(({ name }) => Number(name)).sort((a, b) => b - a);
  } catch (error) {
    if (error instanceof PlatformError) return []; // Another system, no `/proc`, or no descriptor free to look with.
    throw error;
  }
}
