import {
  type Connection,
  type ConnectionHandler,
  type Listener,
  type Peer,
  type Pipes,
  PlatformError,
} from "../../lib/platform/platform.ts";

type Accept = (connection: Connection) => ConnectionHandler;

/** One end of a pipe; what is written here is read at `other`. */
class FakeEnd implements Connection {
  readonly peer: Peer | null = null;
  readonly unreadBytes = 0;
  handler: ConnectionHandler | undefined;
  other: FakeEnd | undefined;
  #isClosed = false;

  write(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const copy = bytes.slice();
    queueMicrotask(() => this.other?.deliver(copy));
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    this.close();
    queueMicrotask(() => this.other?.close());
  }

  deliver(bytes: Uint8Array): void {
    if (!this.#isClosed) this.handler?.onBytes(bytes);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    queueMicrotask(() => this.handler?.onClose());
  }
}

/** Pipes in memory: bytes and closings arrive in order, each on a later turn. */
export class FakePipes implements Pipes {
  readonly tellsPeers = false;
  readonly #listening = new Map<string, { accept: Accept; ends: FakeEnd[] }>();

  listen(path: string, accept: Accept): Promise<Listener> {
    if (this.#listening.has(path)) {
      return Promise.reject(new PlatformError("EADDRINUSE", `Cannot listen on "${path}"`, path));
    }
    const listening = { accept, ends: [] as FakeEnd[] };
    this.#listening.set(path, listening);
    return Promise.resolve({
      isThere: () => this.#listening.get(path) === listening,
      close: () => {
        this.#listening.delete(path);
        for (const end of listening.ends) end.destroy();
      },
    });
  }

  connect(path: string, handler: ConnectionHandler): Promise<Connection> {
    const listening = this.#listening.get(path);
    if (listening === undefined) {
      return Promise.reject(new PlatformError("ENOENT", `Cannot connect to "${path}"`, path));
    }
    const near = new FakeEnd();
    const far = new FakeEnd();
    near.other = far;
    far.other = near;
    near.handler = handler;
    listening.ends.push(far);
    far.handler = listening.accept(far);
    return Promise.resolve(near);
  }
}
