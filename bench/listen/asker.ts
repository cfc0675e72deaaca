/** Asks a server at a steady rate, each time by a connection of its own, and keeps what became of each. */

const REQUEST = new TextEncoder().encode(
  "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
);
const LATEST_MS = 30_000;

export interface Outcomes {
  /** Milliseconds from each connection to the end of its answer. */
  readonly waits: readonly number[];
  readonly refused: number;
  readonly reset: number;
  /** What else became of one, in words. */
  readonly others: readonly string[];
}

export class Asker {
  readonly #port: number;
  readonly #waits: number[] = [];
  readonly #others: string[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #timer: ReturnType<typeof setInterval>;
  #refused = 0;
  #reset = 0;

  constructor(port: number, everyMs: number) {
    this.#port = port;
    this.#timer = setInterval(() => {
      const asking: Promise<void> = this.#ask().finally(() => this.#open.delete(asking));
      this.#open.add(asking);
    }, everyMs);
  }

  /** Asks no more, and waits for the answers to come. */
  async stop(): Promise<Outcomes> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    return {
      waits: this.#waits,
      refused: this.#refused,
      reset: this.#reset,
      others: this.#others,
    };
  }

  async #ask(): Promise<void> {
    const beganAt = performance.now();
    try {
      const connection = await Deno.connect({ port: this.#port, hostname: "127.0.0.1" });
      const timer = setTimeout(() => connection.close(), LATEST_MS);
      try {
        await connection.write(REQUEST);
        const answer = await new Response(connection.readable).text();
        if (answer.startsWith("HTTP/1.")) this.#waits.push(performance.now() - beganAt);
        else if (answer === "") this.#reset += 1;
        else this.#others.push(answer.slice(0, 80));
      } finally {
        clearTimeout(timer);
      }
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) this.#refused += 1;
      else if (error instanceof Deno.errors.ConnectionReset) this.#reset += 1;
      else this.#others.push(String(error));
    }
  }
}
