import { systemError } from "../node/system_error.ts";
import type { Connection, ConnectionHandler, Peer } from "../pipes.ts";

const CHUNK_BYTES = 65_536;

/** One attempt; rejects with `PlatformError`. */
export async function denoConnect(path: string, handler: ConnectionHandler): Promise<Connection> {
  try {
    const socket = await Deno.connect({ transport: "unix", path });
    return serve(socket, new Set([socket]), null, () => handler);
  } catch (error) {
    throw systemError(error, `connect to "${path}"`, path);
  }
}

/** Serves a socket for as long as it is among those that are open. */
export function serve(
  socket: Deno.UnixConn,
  open: Set<Deno.UnixConn>,
  peer: Peer | null,
  accept: (connection: Connection) => ConnectionHandler,
): Connection {
  let sent: Promise<void> = Promise.resolve();
  let queued = 0;
  let isHeard = true;
  let unreadBytes = 0;
  const take = async (step: () => Promise<unknown>) => {
    try {
      if (isHeard && open.has(socket)) await step();
    } catch {
      isHeard = false; // who hears no more may still have something to say
    }
    queued -= 1;
  };
  // The first is taken at once: a message leaves before anything else is done.
  const queue = (step: () => Promise<unknown>) => {
    queued += 1;
    sent = queued === 1 ? take(step) : sent.then(() => take(step));
  };
  const connection: Connection = {
    peer,
    get unreadBytes() {
      return unreadBytes;
    },
    write(bytes) {
      unreadBytes += bytes.length;
      queue(async () => {
        await writeWhole(socket, bytes);
        unreadBytes -= bytes.length;
      });
    },
    end: () => queue(() => socket.closeWrite()),
    destroy: () => close(socket, open),
  };
  const handler = accept(connection);
  receive(socket, handler).then(async () => {
    await sent;
    close(socket, open);
    handler.onClose();
  });
  return connection;
}

/** Until the other side ends, or is gone. */
async function receive(socket: Deno.UnixConn, handler: ConnectionHandler): Promise<void> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = await socket.read(buffer).catch(() => null); // a reset is an end, too
    if (count === null) return;
    handler.onBytes(buffer.slice(0, count));
  }
}

async function writeWhole(socket: Deno.UnixConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}

/** Closes it, unless it was closed before. */
export function close(socket: Deno.UnixConn, open: Set<Deno.UnixConn>): void {
  if (open.delete(socket)) socket.close();
}
