/** Asks a server again and again, with one retry, and keeps what it was told. */
export class Hammer {
  readonly answers: Record<string, number>[] = [];
  /** Requests that failed once, and went through at the second attempt. */
  retries = 0;
  failure: Error | null = null;
  #stopped = false;
  readonly #going: Promise<void>;

  constructor(readonly url: string, readonly retryAfterMs = 200) {
    this.#going = this.#go();
  }

  /** Asks once more, then no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#going;
  }

  async ask(): Promise<Record<string, number>> {
    const response = await fetch(this.url);
    if (!response.ok) throw new Error(`${this.url}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  async #go(): Promise<void> {
    while (!this.#stopped && this.failure === null) {
      try {
        this.answers.push(await this.ask());
      } catch {
        await pause(this.retryAfterMs);
        try {
          this.answers.push(await this.ask());
          this.retries += 1;
        } catch (error) {
          this.failure = error as Error;
        }
      }
      await pause(2);
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A port that is free now. */
export function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}
