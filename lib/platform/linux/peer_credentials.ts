import type { Peer } from "../pipes.ts";

// Of Linux's socket.h, the same on all that Deno and Bun run on.
export const SOCKET = 1;
export const UNIX = 1;
export const CREDENTIALS = 17;
export const ACCEPTS = 30;
export const COOKIE = 57;

/** `struct ucred`: process, user, group; null where there is none. The process is 0 where it is out of sight. */
export function peerIn(credentials: Int32Array | null): Peer | null {
  if (credentials === null) return null;
  const [pid, uid] = credentials;
  return { pid: pid! > 0 ? pid! : null, uid: uid! >>> 0 };
}
