import { openCalls, openLibrary } from "./foreign_calls.ts";
import { Splicer } from "../linux/splice.ts";

/** What is called often: for each part of a body, or for each open file. */
const COMPILED = {
  splice: {
    parameters: ["i32", "pointer", "i32", "pointer", "usize", "u32"],
    result: "isize",
  },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
} as const;

const INTERPRETED = {
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  ppoll: { parameters: ["buffer", "usize", "buffer", "pointer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** What moves bytes between sockets; null where the system cannot, or may not be called without asking. */
export function openSplicer(): { readonly splicer: Splicer; close(): void } | null {
  const rest = openCalls(INTERPRETED);
  if (rest === null) return null;
  const compiled = openLibrary(COMPILED);
  const { calls } = rest;
  const splicer = compiled && Splicer.open({
    pipe2: calls.pipe2,
    fcntl: calls.fcntl,
    splice: (from, to, length, flags) =>
      Number(compiled.symbols.splice(from, null, to, null, length as never, flags)),
    send: (socket, bytes, length, flags) =>
      Number(compiled.symbols.send(socket, bytes, length as never, flags)),
    read: (descriptor, into, length) => Number(calls.read(descriptor, into, length as never)),
    ppoll: (asked, timeout) => calls.ppoll(asked, 1n, timeout, null),
    getsockname: calls.getsockname,
    getpeername: compiled.symbols.getpeername,
    close: calls.close,
  });
  const close = () => {
    splicer?.close();
    compiled?.close();
    rest.close();
  };
  if (splicer !== null) return { splicer, close };
  close();
  return null;
}
