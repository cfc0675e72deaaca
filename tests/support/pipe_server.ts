import { createLineReader } from "../../lib/protocol/lines.ts";
import {
  type FromBaton,
  type FromProgram,
  type FromProgramOf,
  messages,
} from "../../lib/protocol/message.ts";

/** One connection of a program to a `PipeServer`, seen from baton's side. */
export interface Peer {
  /** Everything it has said so far, each line checked against the schemas. */
  readonly said: readonly FromProgram[];
  send(message: FromBaton): void;
  sendRaw(text: string): void;
  /** Resolves to the first message of this type that was not taken before. */
  take<Type extends FromProgram["type"]>(type: Type): Promise<FromProgramOf<Type>>;
  /** Resolves once the program's side is gone. */
  readonly gone: Promise<void>;
  destroy(): void;
}

/** A stand-in for baton: listens on a Unix socket and does only what a test tells it to. */
export interface PipeServer {
  readonly path: string;
  /** Resolves to the next connection. */
  accept(): Promise<Peer>;
  close(): Promise<void>;
}

const WITHIN_MS = 10_000;

/** Rejects with what was waited for, and what was last seen, when `promise` is late. */
export async function within<T>(what: string, promise: Promise<T>, seen = () => ""): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No ${what} in ${WITHIN_MS} ms ${seen()}`)),
      WITHIN_MS,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function openPipeServer(path: string): PipeServer {
  const listener = Deno.listen({ transport: "unix", path });
  const waiting: ((peer: Peer) => void)[] = [];
  const peers: Peer[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      const peer = createPeer(connection);
      const accept = waiting.shift();
      if (accept === undefined) peers.push(peer);
      else accept(peer);
    }
  })();
  return {
    path,
    accept() {
      const peer = peers.shift();
      if (peer !== undefined) return Promise.resolve(peer);
      return within("connection", new Promise<Peer>((resolve) => waiting.push(resolve)));
    },
    async close() {
      listener.close();
      await serving;
    },
  };
}

function createPeer(connection: Deno.Conn): Peer {
  const said: FromProgram[] = [];
  const taken = new Set<FromProgram>();
  let onSaid = () => {};
  let sending = Promise.resolve();
  let open = true;

  function destroy(): void {
    if (open) connection.close();
    open = false;
  }

  function sendRaw(text: string): void {
    const bytes = new TextEncoder().encode(text);
    sending = sending.then(async () => {
      for (let sent = 0; open && sent < bytes.length;) {
        sent += await connection.write(bytes.subarray(sent));
      }
    });
  }

  async function listen(): Promise<void> {
    const lines = createLineReader();
    try {
      const chunk = new Uint8Array(65_536);
      for (let read; (read = await connection.read(chunk)) !== null;) {
        for (const line of lines.push(chunk.subarray(0, read))) {
          if (line.type === "problem") throw new Error(`${line.what} (${line.where})`);
          said.push(parse(line.text));
        }
        onSaid();
      }
    } catch (error) {
      if (open && !(error instanceof Deno.errors.ConnectionReset)) throw error;
    } finally {
      destroy();
    }
  }

  return {
    said,
    gone: listen(),
    send: (message) => sendRaw(JSON.stringify(message) + "\n"),
    sendRaw,
    destroy,
    take(type) {
      const found = new Promise<FromProgramOf<typeof type>>((resolve) => {
        onSaid = () => {
          const message = said.find((each) => each.type === type && !taken.has(each));
          if (message === undefined) return;
          taken.add(message);
          resolve(message as FromProgramOf<typeof type>);
        };
        onSaid();
      });
      return within(`"${type}"`, found, () => `; said ${JSON.stringify(said)}`);
    },
  };
}

function parse(text: string): FromProgram {
  const value = JSON.parse(text);
  const schema = messages().fromProgram[value.type as FromProgram["type"]];
  if (schema === undefined) throw new Error(`Unknown type in ${text}`);
  return schema.parse(value);
}
