import { chmodSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { checkAddress, isAt } from "../posix/pipe_address.ts";
import type { Connection, ConnectionHandler, Peer, Pipes } from "../platform.ts";
import { MAX_CONNECTIONS } from "../pipes.ts";
import { systemError } from "./system_error.ts";

/** Pipes through `node:net`; `peerOf` says who opened the connection with a descriptor. */
export function nodePipes(
  peerOf: (descriptor: number | undefined) => Peer | null,
  tellsPeers: boolean,
): Pipes {
  return {
    tellsPeers,
    listen(path, accept) {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        if (sockets.size >= MAX_CONNECTIONS) return void socket.destroy();
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        const connection = connectionOn(socket, peerOf(descriptorOf(socket)));
        serve(socket, accept(connection));
      });
      return new Promise((resolve, reject) => {
        checkAddress(path);
        server.once("error", (error) => reject(systemError(error, `listen on "${path}"`, path)));
        server.listen(path, () => {
          chmodSync(path, 0o600);
          const isThere = () => server.listening && isAt(path);
          resolve({ isThere, close: () => close(server, sockets) });
        });
      });
    },

    connect(path, handler) {
      return new Promise((resolve, reject) => {
        const socket = connect(path);
        const fail = (error: Error) => reject(systemError(error, `connect to "${path}"`, path));
        socket.once("error", fail);
        socket.once("connect", () => {
          socket.off("error", fail);
          serve(socket, handler);
          resolve(connectionOn(socket, null));
        });
      });
    },
  };
}

/** Nobody promises that it is there. */
function descriptorOf(socket: Socket): number | undefined {
  const descriptor = (socket as { _handle?: { fd?: unknown } })._handle?.fd;
  return typeof descriptor === "number" && descriptor >= 0 ? descriptor : undefined;
}

function serve(socket: Socket, handler: ConnectionHandler): void {
  socket.on("error", () => socket.destroy()); // "close" follows, and says it
  socket.on("data", (bytes: Uint8Array) => handler.onBytes(bytes));
  socket.once("close", () => handler.onClose());
}

function connectionOn(socket: Socket, peer: Peer | null): Connection {
  return {
    peer,
    get unreadBytes() {
      return socket.writableLength;
    },
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

function close(server: Server, sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
  server.close();
}
