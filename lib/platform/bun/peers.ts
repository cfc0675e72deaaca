import { CREDENTIALS, peerIn, SOCKET } from "../linux/peer_credentials.ts";
import type { Peer } from "../pipes.ts";
import { foreignCalls } from "./foreign_calls.ts";

/** Who opened the connection with this descriptor. */
export function peerOf(descriptor: number | undefined): Peer | null {
  const calls = foreignCalls();
  if (descriptor === undefined || calls === null) return null;
  const credentials = new Int32Array(3);
  const length = new Uint32Array([credentials.byteLength]);
  return calls.getsockopt(descriptor, SOCKET, CREDENTIALS, credentials, length) === 0
    ? peerIn(credentials)
    : null;
}
