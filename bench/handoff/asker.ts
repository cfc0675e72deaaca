/** A client that asks a program about every millisecond, on a new connection each time. */

const REQUEST = new TextEncoder().encode(
  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
);
const EVERY_MS = 1;
const TIMEOUT_MS = 100;
/** Fewer than the shortest queue of a listener: one that is full would drop what comes, and say nothing. */
const MAX_OPEN = 4;

export interface Answer {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly version: number;
  readonly pid: number;
}

export type Outcome = Answer | "refused" | "cut";

/** What connecting fails with where the listener took the connection and went. */
const TAKEN = [Deno.errors.ConnectionReset, Deno.errors.NotConnected];

/** Asks once. `refused`: nobody listens; `cut`: taken, but not answered. */
export async function ask(port: number): Promise<Outcome> {
  let connection: Deno.TcpConn;
  try {
    connection = await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return "refused";
    if (TAKEN.some((kind) => error instanceof kind)) return "cut";
    throw error;
  }
  const { promise: late, resolve } = Promise.withResolvers<"cut">();
  const timer = setTimeout(resolve, TIMEOUT_MS, "cut");
  try {
    return await Promise.race([answerOn(connection), late]);
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

async function answerOn(connection: Deno.TcpConn): Promise<Outcome> {
  const buffer = new Uint8Array(1_024);
  let length = 0;
  try {
    await connection.write(REQUEST);
    for (;;) {
      const count = await connection.read(buffer.subarray(length));
      if (count === null) return "cut";
      length += count;
      const text = new TextDecoder().decode(buffer.subarray(0, length));
      const found = /\r\n\r\n(?:[0-9a-f]+\r\n)?(\d+) (\d+)\n/.exec(text);
      if (found === null) continue;
      return { at: performance.now(), version: Number(found[1]), pid: Number(found[2]) };
    }
  } catch {
    return "cut"; // reset by the program, or closed here because it was late
  }
}

/** Asks until it is told to stop. */
export class Asker implements AsyncDisposable {
  readonly #port: number;
  readonly #take: (outcome: Outcome) => void;
  readonly #open = new Set<Promise<void>>();
  readonly #going: Promise<void>;
  #isOver = false;

  constructor(port: number, take: (outcome: Outcome) => void) {
    this.#port = port;
    this.#take = take;
    this.#going = this.#go();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#going;
    await Promise.all(this.#open);
  }

  async #go(): Promise<void> {
    while (!this.#isOver) {
      if (this.#open.size < MAX_OPEN) this.#askOnce();
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  }

  #askOnce(): void {
    const asked = ask(this.#port).then((outcome) => {
      this.#open.delete(asked);
      if (!this.#isOver) this.#take(outcome);
    });
    this.#open.add(asked);
  }
}
