/** A TCP connection that is read when there is use for more: whoever does not read slows the other side down. */
export interface TcpConnection {
  /** The IP address of the other side. */
  readonly peer: string;
  /**
   * What has come since, or null once the other side has ended. The bytes are the caller's until the next call;
   * one call at a time. Rejects with `PlatformError` where the connection is broken or was destroyed.
   */
  read(): Promise<Uint8Array | null>;
  /** Resolves when all of it is on its way: one call at a time. Rejects as `read` does. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Writes `first` to another connection, and after it up to `most` bytes of what comes meanwhile, which nobody
   * looks at; resolves with how many those were. What ends or breaks this one is for `read` to tell, which may not
   * be under way; rejects as `write` of the other does. Absent where the system has no shorter way than both.
   */
  splice?(to: TcpConnection, first: Uint8Array, most: number): Promise<number>;
  /** Says that nothing more is sent; what comes may still be read. */
  closeWrite(): void;
  /** Closes at once, both ways. */
  destroy(): void;
}

export interface TcpListener {
  readonly port: number;
  /** Accepts nobody any more; connections stay. */
  close(): void;
}

/** TCP, for what stands between a program and those that talk to it. */
export interface Tcp {
  /**
   * Listens at an IP address, and gives each connection to `accept`. No process that is spawned later has the
   * socket. Throws `PlatformError`: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` …
   */
  listen(host: string, port: number, accept: (connection: TcpConnection) => void): TcpListener;
  /** One attempt; rejects with `PlatformError`. */
  connect(host: string, port: number): Promise<TcpConnection>;
  /** A port of 127.0.0.1 that nobody had a moment ago. */
  freePort(): number;
  /** Whether somebody could listen at this port of 127.0.0.1 now. */
  isFree(port: number): boolean;
}
