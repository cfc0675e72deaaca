import { errorName } from "./libc.ts";
import { type Files, PlatformError } from "../platform.ts";
import { ADDRESS_BYTES, familyOf, portOf, socketAddress, UNIX } from "./socket_address.ts";
import type { HeldSocket, SocketAddress } from "../sockets.ts";

// Of Linux's socket.h and fcntl.h.
const STREAM_CLOSE_ON_EXEC = 0o2000001;
const SOCKET_LEVEL = 1;
const REUSE_ADDRESS = 2;
const IPV6_LEVEL = 41;
const IPV6_ONLY = 26;
const DUPLICATE_CLOSE_ON_EXEC = 1030;
const SET_FLAGS = 4;
const READ_AND_WRITE = 2;

/** The system cuts it to what it allows (`net.core.somaxconn`): who comes while nobody serves must find room. */
const QUEUE = 4_096;

/** Above where the descriptors of a program are, so that none is overwritten before it was passed on. */
const ABOVE = 64;

type Bytes = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Calls of the C library: a negative number where one failed. */
export interface SocketCalls {
  socket(family: number, type: number, protocol: number): number;
  setsockopt(socket: number, level: number, name: number, value: Bytes, length: number): number;
  bind(socket: number, address: Bytes, length: number): number;
  listen(socket: number, queue: number): number;
  sendto(
    socket: number,
    bytes: Bytes,
    length: number,
    flags: number,
    address: Bytes,
    addressLength: number,
  ): number;
  getsockname(socket: number, address: Bytes, length: Bytes): number;
  fcntl(descriptor: number, command: number, value: number): number;
  close(descriptor: number): number;
}

/** The C library while it is called. */
export interface SocketLibrary {
  readonly calls: SocketCalls;
  /** Of the last call. */
  errno(): number;
  release(): void;
}

/**
 * Opens a socket that listens. A port that was in use a moment ago is free; two sockets at one port, as
 * `SO_REUSEPORT` allows, would lose what waits at the one that is closed.
 */
export function holdSocket(
  open: () => SocketLibrary | null,
  files: Pick<Files, "readLink" | "stat" | "remove">,
  address: SocketAddress,
): HeldSocket {
  const place = address.kind === "unix" ? address.path : `${address.host}:${address.port}`;
  const bytes = socketAddress(address);
  const library = open();
  if (library === null) {
    throw new PlatformError("ENOTSUP", `Cannot listen at "${place}": no C library to be called`);
  }
  try {
    const { descriptor, port } = listenAt(library, bytes, place);
    const ownFile = address.kind === "unix" ? files.stat(address.path)?.inode : undefined;
    return {
      descriptor,
      port,
      inode: /^socket:\[(\d+)\]$/.exec(files.readLink(`/proc/self/fd/${descriptor}`))?.[1] ?? null,
      setBlocking() {
        const library = open();
        library?.calls.fcntl(descriptor, SET_FLAGS, READ_AND_WRITE);
        library?.release();
      },
      close() {
        const library = open();
        library?.calls.close(descriptor);
        library?.release();
        if (address.kind !== "unix" || ownFile === undefined) return;
        if (files.stat(address.path)?.inode === ownFile) files.remove(address.path);
      },
    };
  } finally {
    library.release();
  }
}

function listenAt(
  { calls, errno }: SocketLibrary,
  address: Uint8Array<ArrayBuffer>,
  place: string,
): { descriptor: number; port: number | null } {
  const check = (result: number) => {
    if (result >= 0) return result;
    const code = errorName(errno());
    if (first >= 0) calls.close(first);
    throw new PlatformError(code, `Cannot listen at "${place}" (${code})`);
  };
  let first = -1;
  const family = familyOf(address);
  const yes = new Int32Array([1]);
  first = check(calls.socket(family, STREAM_CLOSE_ON_EXEC, 0));
  if (family !== UNIX) {
    check(calls.setsockopt(first, SOCKET_LEVEL, REUSE_ADDRESS, yes, yes.byteLength));
    calls.setsockopt(first, IPV6_LEVEL, IPV6_ONLY, new Int32Array([0]), yes.byteLength);
  }
  check(calls.bind(first, address, address.length));
  check(calls.listen(first, QUEUE));
  const name = new Uint8Array(ADDRESS_BYTES);
  check(calls.getsockname(first, name, new Int32Array([name.length])));
  const descriptor = check(calls.fcntl(first, DUPLICATE_CLOSE_ON_EXEC, ABOVE));
  calls.close(first);
  return { descriptor, port: family === UNIX ? null : portOf(name) };
}
