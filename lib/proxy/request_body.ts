import type { TcpConnection } from "../platform/platform.ts";
import { writeBoth } from "./answer.ts";
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
    if (this.isDone) return to.write(head).catch(unheard);
    const sending = this.#send(to, head);
    this.#client.busy = sending.catch((error) => this.#failure = error);
    return sending;
  }

  async #send(to: TcpConnection, head: Uint8Array): Promise<void> {
    let isHeard = true;
    const heard = async (writing: () => Promise<void>) => {
      if (isHeard) isHeard = await writing().then(() => true, () => false);
    };
    const { source } = this.#client;
    let first: Uint8Array | null = head;
    while (!this.isDone) {
      if (first !== null && !source.hasPending) {
        await heard(() => to.write(head));
        first = null;
      }
      const bytes = await source.chunk();
      if (bytes === null) throw new CutOff("The client ended within a body");
      this.#wasTouched = true;
      const count = this.#scanner.scan(bytes);
      const part = bytes.subarray(0, count);
      source.unread(bytes.subarray(count));
      const before = first;
      await heard(() => before === null ? to.write(part) : writeBoth(to, before, part));
      first = null;
    }
  }
}

/** The program may have answered before it was gone. */
function unheard(): void {}
