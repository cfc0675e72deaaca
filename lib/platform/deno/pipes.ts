import { close, denoConnect, serve } from "./connect.ts";
import { peerFinder } from "./peers.ts";
import { checkAddress, isAt, removeAddress } from "../posix/pipe_address.ts";
import type { Pipes } from "../platform.ts";
import { MAX_CONNECTIONS } from "../pipes.ts";
import { systemError } from "../node/system_error.ts";

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
        if (isAt(path)) removeAddress(path); // Deno leaves it there.
      },
    };
  },

  connect: denoConnect,
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
