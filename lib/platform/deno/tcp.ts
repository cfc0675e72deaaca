import { systemError } from "../node/system_error.ts";
import { LOOPBACK } from "../../settings.ts";
import { BufferAllowance, ReadBuffer } from "../read_buffer.ts";
import type { Splicer, TcpAddress } from "../linux/splice.ts";
import type { Tcp, TcpConnection } from "../tcp.ts";
import type { openSplicer } from "./splice.ts";

/** A file may be closed soon, where as many are open as may be: that long until it is tried again. */
const ROOM_MS = 100;
/**
 * Of more than 128 operations that are ready in one turn of its loop Deno goes on with the newest first (seen in 2.5
 * and 2.9), so that where more come than can be served, who came early would wait until nobody comes any more. Who
 * is not accepted yet waits in the order of coming.
 */
const ACCEPTED_IN_A_TURN = 32;

const allowance = new BufferAllowance();

/** Opened where much is to pass, not at the start, and as long as somebody listens. */
let splicing: Promise<ReturnType<typeof openSplicer>> | null = null;
let listeners = 0;

/** The descriptors of connections; null of one that is closed, or was not found. */
const descriptors = new WeakMap<TcpConnection, (splicer: Splicer) => number | null>();

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
    listeners += 1;
    acceptAll(listener, () => isOpen, accept);
    return {
      port: listener.addr.port,
      close() {
        if (!isOpen) return;
        isOpen = false;
        listener.close();
        listeners -= 1;
        if (listeners === 0) closeSplicer();
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

async function openedSplicer(): Promise<Splicer | null> {
  if (listeners === 0) return null;
  splicing ??= import("./splice.ts").then(({ openSplicer }) => openSplicer());
  return (await splicing)?.splicer ?? null;
}

function closeSplicer(): void {
  splicing?.then((opened) => opened?.close());
  splicing = null;
}

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
  /** Of the last read, until it is known whether more is to be read, or to be spliced. */
  let readBytes = 0;
  let descriptor: number | null | undefined;
  setNoDelay(socket);
  const took = (count: number | null) => {
    readBytes = count ?? 0;
    return count === null ? null : buffer.bytes.subarray(0, count);
  };
  const failed = (error: unknown) => {
    throw systemError(error, "read from a connection");
  };
  const connection: TcpConnection = {
    peer: socket.remoteAddr.hostname,
    read() {
      if (readBytes > 0) buffer.fit(readBytes);
      return socket.read(buffer.bytes).then(took, failed);
    },
    async write(bytes) {
      try {
        let at = bytes.length === 0 ? 0 : await socket.write(bytes);
        while (at < bytes.length) at += await socket.write(bytes.subarray(at));
      } catch (error) {
        throw systemError(error, "write to a connection");
      }
    },
    async splice(to, first, most) {
      const splicer = await openedSplicer();
      const find = (each: TcpConnection) => splicer && descriptors.get(each)?.(splicer);
      const [from, into] = [find(connection) ?? null, find(to) ?? null];
      const hasRoom = splicer !== null && splicer.mostBytes <= allowance.leftBytes;
      if (!hasRoom || from === null || into === null) {
        await to.write(first);
        return 0;
      }
      const { sent, taken, rest } = splicer.splice(
        from,
        into,
        first as Uint8Array<ArrayBuffer>,
        most,
      );
      readBytes = 0;
      allowance.leftBytes -= rest.length;
      try {
        if (sent < first.length) await to.write(first.subarray(sent));
        if (rest.length > 0) await to.write(rest);
      } finally {
        allowance.leftBytes += rest.length;
        splicer.reuse(rest);
      }
      return taken;
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
  descriptors.set(connection, (splicer) => {
    if (!isOpen) return null;
    if (descriptor === undefined) {
      descriptor = splicer.descriptorOf(addressOf(socket.localAddr), addressOf(socket.remoteAddr));
    }
    return descriptor;
  });
  return connection;
}

function addressOf({ hostname, port }: Deno.NetAddr): TcpAddress {
  return { host: hostname, port };
}

/** Of one that was reset already `read` says so. */
function setNoDelay(socket: Deno.TcpConn): void {
  try {
    socket.setNoDelay(true);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
