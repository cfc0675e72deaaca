import * as fs from "node:fs";
import { PlatformError } from "../platform.ts";
import { systemError } from "../node/system_error.ts";

/** The state of a TCP socket that listens (`TCP_LISTEN` in tcp_states.h). */
const LISTENS = "0A";
/** A few rows: the system makes up no more of the table than it is asked for. */
const CHUNK_BYTES = 600;

/**
 * The rows of a `/proc/…/net/tcp` of the sockets that listen, which come first. What follows is every connection
 * of the machine, of the last minute, too, and is not read: a busy server has tens of thousands.
 */
export function tcpListenersIn(path: string): string[][] {
  try {
    const file = fs.openSync(path, "r");
    try {
      return readListeners(file);
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw systemError(error, `read "${path}"`, path);
  }
}

function readListeners(file: number): string[][] {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let text = "";
  for (;;) {
    const count = fs.readSync(file, chunk, 0, chunk.length, null);
    text += new TextDecoder().decode(chunk.subarray(0, count));
    const [, ...rows] = text.split("\n").slice(0, -1).map((row) => row.trim().split(/\s+/));
    const others = rows.findIndex(([, , , state]) => state !== LISTENS);
    if (others !== -1) return rows.slice(0, others);
    if (count === 0) return rows;
  }
}
