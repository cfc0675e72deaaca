/** Asks a program which version of it answers, on a new connection each time. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { python } from "./programs.ts";

const REQUEST = new TextEncoder().encode(
  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
);
const TIMEOUT_MS = 100;

export interface Answer {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly version: number;
  readonly pid: number;
}

/** What connecting fails with where nobody listens, or the listener took the connection and went. */
const UNSERVED = [
  Deno.errors.ConnectionRefused,
  Deno.errors.ConnectionReset,
  Deno.errors.NotConnected,
];

/** Asks once; null where nobody answers. */
export async function ask(port: number): Promise<Answer | null> {
  let connection: Deno.TcpConn;
  try {
    connection = await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (UNSERVED.some((kind) => error instanceof kind)) return null;
    throw error;
  }
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, TIMEOUT_MS, null);
  try {
    return await Promise.race([answerOn(connection), late]);
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

async function answerOn(connection: Deno.TcpConn): Promise<Answer | null> {
  const buffer = new Uint8Array(1_024);
  let length = 0;
  try {
    await connection.write(REQUEST);
    for (;;) {
      const count = await connection.read(buffer.subarray(length));
      if (count === null) return null;
      length += count;
      const text = new TextDecoder().decode(buffer.subarray(0, length));
      const found = /\r\n\r\n(?:[0-9a-f]+\r\n)?(\d+) (\d+)\n/.exec(text);
      if (found === null) continue;
      return { at: performance.now(), version: Number(found[1]), pid: Number(found[2]) };
    }
  } catch {
    return null; // reset by the program, or closed here because it was late
  }
}

/** What one change of versions came to; times in milliseconds of `performance.now()`. */
export interface Turnover {
  /** The last answer of the old version. */
  readonly lastAt: number;
  /** The first answer of the new one. */
  readonly firstAt: number;
  readonly refused: number;
  readonly cut: number;
}

/**
 * Asks about every millisecond until another version answers, in a process of its own: what asks and what
 * measures must not wait for each other.
 */
export class Asker implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(port: number) {
    const args = [`${import.meta.dirname}/asks.py`, String(port)];
    this.#process = spawn(python, args, { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: this.#process.stdout! });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Resolves when the version that is there has answered a few times. */
  async steady(): Promise<void> {
    await this.#said();
  }

  async turnover(): Promise<Turnover> {
    const { lastAt, firstAt, ...counts } = JSON.parse(await this.#said());
    const { timeOrigin } = performance;
    return { lastAt: lastAt - timeOrigin, firstAt: firstAt - timeOrigin, ...counts };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#lines.return?.();
  }

  async #said(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error("Nobody asks any more");
    return value;
  }
}
