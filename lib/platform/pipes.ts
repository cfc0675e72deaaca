/** Connections between baton and programs. */
export interface Connection {
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
  close(): void;
}

export interface Pipes {
  /** A Unix domain socket (0600) at this path. Throws `PlatformError` where it cannot. */
  listen(path: string, accept: (connection: Connection) => ConnectionHandler): Promise<Listener>;
  /** One attempt; rejects with `PlatformError`. */
  connect(path: string, handler: ConnectionHandler): Promise<Connection>;
}
