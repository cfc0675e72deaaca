import { nodeFiles } from "../node/files.ts";
import { peerFinder } from "./peers.ts";
import { checkAddress, isAt } from "../posix/pipe_address.ts";
import type { Connection, ConnectionHandler, Peer, Pipes } from "../platform.ts";
import { MAX_CONNECTIONS } from "../pipes.ts";
import { systemError } from "../node/system_error.ts";

const CHUNK_BYTES = 65_536;

/** A program may have used up the files that may be open: that long until it is tried again to accept it. */
const ROOM_MS = 100;

/**
 * Pipes through Deno's own names. What `node:net` listens on is inherited by every child (seen in Deno 2.9),
 * and a program that itself holds the pipe open never learns that baton is gone.
 */
export const denoPipes = (tellsPeers: boolean): Pipes => ({
  tellsPeers,
  async listen(path, accept) {
    checkAddress(path);
    const listener = await listenOn(path);
    const open = new Set<Deno.UnixConn>();
    let isOpen = true;
    const peers = peerFinder(path);
    acceptAll(
      listener,
      open,
      () => isOpen,
      (socket) => serve(socket, open, peers.newest(), accept),
    );
    return {
      isThere: () => isOpen && isAt(path),
      close() {
        for (const socket of open) close(socket, open);
        if (!isOpen) return;
        isOpen = false;
        peers.close();
        listener.close();
        if (isAt(path)) nodeFiles.remove(path); // Deno leaves it there.
      },
    };
  },

  async connect(path, handler) {
    try {
      const socket = await Deno.connect({ transport: "unix", path });
      return serve(socket, new Set([socket]), null, () => handler);
    } catch (error) {
      throw systemError(error, `connect to "${path}"`, path);
    }
  },
});

async function listenOn(path: string): Promise<Deno.UnixListener> {
  try {
    const listener = Deno.listen({ transport: "unix", path });
    await Deno.chmod(path, 0o600);
    return listener;
  } catch (error) {
    throw systemError(error, `listen on "${path}"`, path);
  }
}

async function acceptAll(
  listener: Deno.UnixListener,
  open: Set<Deno.UnixConn>,
  isOpen: () => boolean,
  begin: (socket: Deno.UnixConn) => void,
): Promise<void> {
  while (isOpen()) {
    const socket = await listener.accept().catch(() => null);
    if (socket !== null && isOpen() && open.size < MAX_CONNECTIONS) {
      open.add(socket);
      begin(socket);
    } else if (socket !== null) socket.close();
    else if (isOpen()) await new Promise((done) => setTimeout(done, ROOM_MS));
  }
}

/** Serves a socket for as long as it is among those that are open. */
function serve(
  socket: Deno.UnixConn,
  open: Set<Deno.UnixConn>,
  peer: Peer | null,
  accept: (connection: Connection) => ConnectionHandler,
): Connection {
  let sent: Promise<void> = Promise.resolve();
  let queued = 0;
  let isHeard = true;
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
    write: (bytes) => queue(() => writeWhole(socket, bytes)),
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

function close(socket: Deno.UnixConn, open: Set<Deno.UnixConn>): void {
  if (open.delete(socket)) socket.close();
}
