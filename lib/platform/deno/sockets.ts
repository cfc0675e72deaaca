import { openCalls } from "./foreign_calls.ts";
import type { SocketLibrary } from "../linux/held_socket.ts";

const CALLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** Opens what listens; null where it cannot be called. */
export function openDenoSockets(): SocketLibrary | null {
  const library = openCalls(CALLS);
  if (library === null) return null;
  const { calls, close } = library;
  const errno = new Deno.UnsafePointerView(calls.__errno_location()!);
  return { calls, errno: () => errno.getInt32(), release: close };
}
