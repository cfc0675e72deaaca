import { systemError } from "../node/system_error.ts";
import { LOOPBACK } from "../../settings.ts";
import { BufferAllowance, ReadBuffer } from "../read_buffer.ts";
import type { Tcp, TcpConnection } from "../tcp.ts";

/** A file may be closed soon, where as many are open as may be: that long until it is tried again. */
const ROOM_MS = 100;
/**
 * Of more than 128 operations that are ready in one turn of its loop Deno goes on with the newest first (seen in 2.5
 * and 2.9), so that where more come than can be served, who came early would wait until nobody comes any more. Who
 * is not accepted yet waits in the order of coming.
 */
const ACCEPTED_IN_A_TURN = 32;

const allowance = new BufferAllowance();

/**
 * TCP through Deno's own names: what `node:net` listens on is inherited by every child (seen in Deno 2.9), and
 * it keeps a buffer of 64 KB for each connection.
 */
export const denoTcp: Tcp = {
  listen(host, port, accept) {
    const listener = attempt(
      `listen at ${host} port ${port}`,
      () => Deno.listen({ hostname: host, port }),
    );
    let isOpen = true;
    acceptAll(listener, () => isOpen, accept);
    return {
      port: listener.addr.port,
      close() {
        if (isOpen) listener.close();
        isOpen = false;
      },
    };
  },

  async connect(hostname, port) {
    try {
      return connectionOn(await Deno.connect({ hostname, port }));
    } catch (error) {
      throw systemError(error, `connect to ${hostname} port ${port}`);
    }
  },

  freePort() {
    const listener = attempt(
      "find a free port",
      () => Deno.listen({ hostname: LOOPBACK, port: 0 }),
    );
    listener.close();
    return listener.addr.port;
  },

  isFree(port) {
    try {
      Deno.listen({ hostname: LOOPBACK, port }).close();
      return true;
    } catch {
      return false;
    }
  },
};

function attempt(what: string, listen: () => Deno.TcpListener): Deno.TcpListener {
  try {
    return listen();
  } catch (error) {
    throw systemError(error, what);
  }
}

async function acceptAll(
  listener: Deno.TcpListener,
  isOpen: () => boolean,
  accept: (connection: TcpConnection) => void,
): Promise<void> {
  for (let left = ACCEPTED_IN_A_TURN; isOpen(); left--) {
    if (left === 0) {
      await pause(0);
      left = ACCEPTED_IN_A_TURN;
    }
    const socket = await listener.accept().catch(() => null);
    if (socket !== null && isOpen()) accept(connectionOn(socket));
    else if (socket !== null) socket.close();
    else if (isOpen()) await pause(ROOM_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function connectionOn(socket: Deno.TcpConn): TcpConnection {
  const buffer = new ReadBuffer(allowance);
  let isOpen = true;
  setNoDelay(socket);
  return {
    peer: socket.remoteAddr.hostname,
    async read() {
      try {
        const { bytes } = buffer;
        const count = await socket.read(bytes);
        if (count === null) return null;
        buffer.fit(count);
        return bytes.subarray(0, count);
      } catch (error) {
        throw systemError(error, "read from a connection");
      }
    },
    async write(bytes) {
      try {
        for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
      } catch (error) {
        throw systemError(error, "write to a connection");
      }
    },
    closeWrite() {
      if (isOpen) socket.closeWrite().catch(() => null); // Whoever is gone needs not be told.
    },
    destroy() {
      if (!isOpen) return;
      isOpen = false;
      socket.close();
      buffer.release();
    },
  };
}

/** Of one that was reset already `read` says so. */
function setNoDelay(socket: Deno.TcpConn): void {
  try {
    socket.setNoDelay(true);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
