import { sendDatagram } from "./datagram.ts";
import { holdSocket, type SocketLibrary } from "./held_socket.ts";
import type { Files } from "../platform.ts";
import { listeningDescriptors } from "./listening_sockets.ts";
import { resolveName } from "../node/resolve_name.ts";
import { socketTable } from "./socket_table.ts";
import type { Sockets } from "../sockets.ts";

const UNKNOWN = { holders: [], isPolled: false, waiting: null };

/** Sockets through the C library, and what others do with them from `/proc`. */
export function linuxSockets(files: Files, open: () => SocketLibrary | null): Sockets {
  const table = socketTable(files);
  return {
    listen: (address) => holdSocket(open, files, address),
    send: (path, text) => sendDatagram(open, path, text),
    resolve: resolveName,
    listeners: table.listeners,
    use: ({ inode }, pids) => inode === null ? UNKNOWN : table.use(inode, pids),
    listening: (pids) => listeningDescriptors(files, pids),
    ports: table.ports,
  };
}
