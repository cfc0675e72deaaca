import { PlatformError } from "../platform.ts";
import type { SocketLibrary } from "./held_socket.ts";
import { errorName } from "./libc.ts";
import { socketAddress, UNIX } from "./socket_address.ts";

// Of Linux's socket.h.
const DATAGRAM_CLOSE_ON_EXEC = 0o2000002;
const NO_SIGNAL = 0x4000;
const DO_NOT_WAIT = 0x40;

/** Sends one datagram to a Unix socket; a path that begins with `@` is in the abstract namespace (unix(7)). */
export function sendDatagram(open: () => SocketLibrary | null, path: string, text: string): void {
  const fail = (code: string) =>
    new PlatformError(code, `Cannot send to "${path}" (${code})`, path);
  const library = open();
  if (library === null) throw fail("ENOTSUP");
  const { calls, errno, release } = library;
  try {
    const socket = calls.socket(UNIX, DATAGRAM_CLOSE_ON_EXEC, 0);
    if (socket < 0) throw fail(errorName(errno()));
    const bytes = new Uint8Array(new TextEncoder().encode(text));
    const address = addressOf(path);
    const flags = NO_SIGNAL | DO_NOT_WAIT;
    const sent = calls.sendto(socket, bytes, bytes.length, flags, address, address.length);
    const code = sent < 0 ? errorName(errno()) : null;
    calls.close(socket);
    if (code !== null) throw fail(code);
  } finally {
    release();
  }
}

function addressOf(path: string): Uint8Array<ArrayBuffer> {
  const address = socketAddress({ kind: "unix", path });
  if (!path.startsWith("@")) return address;
  address[2] = 0;
  return address.subarray(0, address.length - 1);
}
