/** Where a socket listens: `host` is an IP address, and port 0 leaves the choice to the system. */
export type SocketAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** A socket that listens, and belongs to baton alone until a program is spawned with it. */
export interface HeldSocket {
  readonly descriptor: number;
  /** Where it listens; null at a Unix socket. */
  readonly port: number | null;
  /** Tells it from every other socket of the machine; null where the system has no such number. */
  readonly inode: string | null;
  /** Has it wait in `accept` again, which a generation may have changed for all that come. */
  setBlocking(): void;
  /** Closes it, and removes the file of a Unix socket where it is still its own. */
  close(): void;
}

/** What processes do with a socket, as far as the system tells. */
export interface SocketUse {
  /** Those that have it open. */
  readonly holders: readonly number[];
  /** One of them is told of new connections by an event queue, and so is about to accept them. */
  readonly isPolled: boolean;
  /** Connections that nobody has accepted yet; null where that cannot be told. */
  readonly waiting: number | null;
}

/** A descriptor of a socket that listens. */
export interface ListeningDescriptor {
  /** The process that has it. */
  readonly pid: number;
  /** Tells the socket from every other of the machine. */
  readonly inode: string;
  /** `port 8000`, or the path of a Unix domain socket. */
  readonly place: string;
  /** Whether the process still has it: one call of the system. */
  isOpen(): boolean;
}

/** Sockets that outlive a generation. What is told of other processes is empty but on Linux. */
export interface Sockets {
  /**
   * Opens a socket that listens; no process that is spawned later has it unless it is given to it.
   *
   * Throws `PlatformError`: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, `ENAMETOOLONG` …, and `ENOTSUP` where the
   * C library cannot be called.
   */
  listen(address: SocketAddress): HeldSocket;
  /** Sends one datagram to a Unix socket, `@` standing for the abstract namespace. Throws `PlatformError`. */
  send(path: string, text: string): void;
  /** The IP addresses of a name, IPv4 first; none where it has none. */
  resolve(name: string): Promise<string[]>;
  /** Processes that listen at this TCP port. */
  listeners(port: number): number[];
  /** What these processes, or all that may be looked into, do with a socket. */
  use(socket: HeldSocket, pids?: readonly number[]): SocketUse;
  /** Each descriptor by which these processes listen, over TCP or at a path. */
  listening(pids: readonly number[]): ListeningDescriptor[];
  /** TCP ports that these processes listen on, whoever chose them. */
  ports(pids: readonly number[]): number[];
}
