import { pause } from "./pause.ts";

/** How a request that fails is tried again. */
export interface Patience {
  /** 2 is one retry. */
  readonly attempts: number;
  readonly pauseMs: number;
}

/** Asks a server again and again, and keeps what it was told. */
export class Hammer implements AsyncDisposable {
  readonly answers: Record<string, number>[] = [];
  /** Attempts that failed, of requests that went through in the end. */
  retries = 0;
  failure: Error | null = null;
  #stopped = false;
  readonly #going: Promise<void>;

  constructor(readonly url: string, readonly patience: Patience) {
    this.#going = this.#go();
  }

  /** Asks no more; throws what failed for good. */
  async stop(): Promise<void> {
    await this[Symbol.asyncDispose]();
    if (this.failure !== null) throw this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#going;
  }

  async ask(): Promise<Record<string, number>> {
    const response = await fetch(this.url);
    if (!response.ok) throw new Error(`${this.url}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  async #go(): Promise<void> {
    try {
      while (!this.#stopped) {
        this.answers.push(await this.#patiently(1));
        await pause(2);
      }
    } catch (error) {
      this.failure = error as Error;
    }
  }

  async #patiently(attempt: number): Promise<Record<string, number>> {
    try {
      return await this.ask();
    } catch (error) {
      if (attempt === this.patience.attempts) throw error;
    }
    this.retries += 1;
    await pause(this.patience.pauseMs);
    return await this.#patiently(attempt + 1);
  }
}
