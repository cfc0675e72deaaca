/** The process that opened a connection, as the system saw it then: who that is nobody can say of himself. */
export interface Peer {
  /** Null where it is out of sight: in a PID namespace that is not below this one. */
  readonly pid: number | null;
  readonly uid: number;
}

/** What is beyond it is closed at once: more workers than any program has, and few enough that a flood costs little. */
export const MAX_CONNECTIONS = 256;

/** The longest address of a Unix domain socket that every system takes. */
export const MAX_ADDRESS_BYTES = 103;

/** Connections between baton and programs. */
export interface Connection {
  /** Null where the system does not tell. */
  readonly peer: Peer | null;
  /** How much of what was written waits for the other side to read. */
  readonly unreadBytes: number;
  /** Queued in order; nothing is thrown where the other side is gone: `onClose` says so. */
  write(bytes: Uint8Array): void;
  /** Sends what is queued, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

export interface ConnectionHandler {
  onBytes(bytes: Uint8Array): void;
  /** Called once, whichever side closed. */
  onClose(): void;
}

export interface Listener {
  /** Whether its address leads to it: who tidies up may have removed that, and nobody can connect any more. */
  isThere(): boolean;
  close(): void;
}

/** A named pipe that others read from. */
export interface Fifo {
  /** Never waits. */
  write(text: string): void;
  /** Removes it: who reads from it finds its end, as with the end of baton. */
  close(): void;
}

export interface Pipes {
  /** Whether `peer` tells who connects. */
  readonly tellsPeers: boolean;
  /** A Unix domain socket (0600) at this path. Throws `PlatformError` where it cannot. */
  listen(path: string, accept: (connection: Connection) => ConnectionHandler): Promise<Listener>;
  /** One attempt; rejects with `PlatformError`. */
  connect(path: string, handler: ConnectionHandler): Promise<Connection>;
}
