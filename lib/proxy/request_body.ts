import type { TcpConnection } from "../platform/platform.ts";
import { together } from "./answer.ts";
import type { Client } from "./client.ts";
import { CutOff } from "./malformed.ts";
import type { Scanner } from "./scanner.ts";

/** The body of a request, on its way to the program. */
export class RequestBody {
  readonly #client: Client;
  readonly #scanner: Scanner;
  #failure: Error | null = null;
  #wasTouched = false;

  constructor(client: Client, scanner: Scanner) {
    this.#client = client;
    this.#scanner = scanner;
  }

  /** All of it was read. */
  get isDone(): boolean {
    return this.#scanner.isDone;
  }

  /** Some of it was read, so that it cannot be sent again. */
  get wasTouched(): boolean {
    return this.#wasTouched;
  }

  /** What was wrong with it, or with who sent it. */
  get failure(): Error | null {
    return this.#failure;
  }

  /**
   * Sends the head, and the body as it comes. Where the program hears no more, the rest is read all the same: it
   * may have answered already. Rejects where the client is gone, or what it sends is `Malformed`.
   */
  send(to: TcpConnection, head: Uint8Array): Promise<void> {
    const sending = this.#send(to, head);
    this.#client.busy = sending.catch((error) => this.#failure = error);
    return sending;
  }

  async #send(to: TcpConnection, head: Uint8Array): Promise<void> {
    let isHeard = true;
    const write = async (bytes: Uint8Array) => {
      if (isHeard) isHeard = await to.write(bytes).then(() => true, () => false);
    };
    const { source } = this.#client;
    let first: Uint8Array | null = head;
    while (!this.isDone) {
      if (first !== null && !source.hasPending) {
        await write(first);
        first = null;
      }
      const bytes = await source.chunk();
      if (bytes === null) throw new CutOff("The client ended within a body");
      this.#wasTouched = true;
      const count = this.#scanner.scan(bytes);
      const part = bytes.subarray(0, count);
      source.unread(bytes.subarray(count));
      await write(first === null ? part : together(first, part));
      first = null;
    }
    if (first !== null) await write(first);
  }
}
