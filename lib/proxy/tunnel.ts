import type { TcpConnection } from "../platform/platform.ts";
import type { Client } from "./client.ts";
import type { Source } from "./source.ts";
import type { Target, Upstream } from "./upstream.ts";

/** Where the bytes of a client go. */
export interface Tunnel {
  readonly upstream: Upstream;
  readonly target: Target;
}

/** Bytes both ways until both sides have ended, one is gone, or the generation is asked to stop. */
export async function tunnel(client: Client, { upstream, target }: Tunnel): Promise<void> {
  const close = () => {
    client.connection.destroy();
    upstream.connection.destroy();
  };
  const end = target.stream(close);
  try {
    await Promise.all([
      pump(client.source, upstream.connection, close),
      pump(upstream.source, client.connection, close),
    ]);
  } finally {
    end();
    close();
  }
}

async function pump(from: Source, to: TcpConnection, close: () => void): Promise<void> {
  try {
    for (let bytes = await from.chunk(); bytes !== null; bytes = await from.chunk()) {
      await to.write(bytes);
    }
    to.closeWrite();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    close(); // One side is gone: that ends the other, too.
  }
}
