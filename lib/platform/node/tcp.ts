import { connect, createServer, type Socket } from "node:net";
import { LOOPBACK } from "../../settings.ts";
import { PlatformError } from "../platform.ts";
import type { Tcp, TcpConnection } from "../tcp.ts";
import { systemError } from "./system_error.ts";

/** TCP through `node:net`, whose `listen` tells what went wrong later: `probe` tells at once. */
export function nodeTcp(probe: (host: string, port: number) => number): Tcp {
  return {
    listen(host, port, accept) {
      const what = `listen at ${host} port ${port}`;
      const actual = attempt(what, () => probe(host, port));
      const server = createServer(
        { allowHalfOpen: true, noDelay: true },
        (socket) => accept(connectionOn(socket)),
      );
      server.on("error", (error) => {
        throw systemError(error, what);
      });
      server.listen({ host, port: actual });
      return { port: actual, close: () => void server.close() };
    },

    connect(host, port) {
      return new Promise((resolve, reject) => {
        const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
        const fail = (error: Error) =>
          reject(systemError(error, `connect to ${host} port ${port}`));
        socket.once("error", fail);
        socket.once("connect", () => {
          socket.off("error", fail);
          resolve(connectionOn(socket));
        });
      });
    },

    freePort: () => attempt("find a free port", () => probe(LOOPBACK, 0)),

    isFree(port) {
      try {
        return probe(LOOPBACK, port) === port;
      } catch {
        return false;
      }
    },
  };
}

function closed(): PlatformError {
  return new PlatformError("ECONNRESET", "Cannot use a connection: it is closed");
}

function attempt(what: string, probe: () => number): number {
  try {
    return probe();
  } catch (error) {
    throw systemError(error, what);
  }
}

function connectionOn(socket: Socket): TcpConnection {
  let failure: PlatformError | null = null;
  let isEnded = false;
  let isDestroyed = false;
  let wake: (() => void) | null = null;
  let written: (() => void) | null = null;
  const stir = () => {
    wake?.();
    written?.();
    wake = written = null;
  };
  const waiting: Uint8Array[] = [];
  socket.pause();
  socket.on("data", (bytes: Uint8Array) => {
    socket.pause();
    waiting.push(bytes);
    wake?.();
    wake = null;
  });
  socket.on("end", () => {
    isEnded = true;
    stir();
  });
  socket.on("error", (error) => failure = systemError(error, "use a connection"));
  socket.on("close", () => {
    failure ??= closed();
    stir();
  });
  return {
    peer: socket.remoteAddress ?? "",
    async read() {
      for (;;) {
        const bytes = waiting.shift();
        if (bytes !== undefined) return bytes;
        if (isEnded && !isDestroyed) return null;
        if (failure !== null) throw failure;
        const stirred = new Promise<void>((resolve) => wake = resolve);
        socket.resume();
        await stirred;
      }
    },
    async write(bytes) {
      if (failure !== null) throw failure;
      // What `write` takes may wait in this process, where `destroy` would lose it.
      await new Promise<void>((resolve) => {
        written = resolve;
        socket.write(bytes, () => resolve());
      });
      if (failure !== null) throw failure;
    },
    closeWrite: () => void socket.end(),
    destroy() {
      isDestroyed = true; // Bun says then that the other side has ended.
      failure ??= closed();
      socket.destroy();
    },
  };
}
