import { BatonError } from "../errors.ts";
import type { Caller } from "../platform/caller.ts";
import type { Connection } from "../platform/pipes.ts";
import { createLineReader } from "../protocol/lines.ts";
import type { AnswerTo } from "./answers.ts";
import { CONTROL_PROTOCOL } from "./protocol.ts";
import type { AnswerLine, RequestName, RequestOf } from "./messages.ts";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: BatonError): void;
}

/** A connection to a running baton. */
export class ControlClient {
  readonly #connection: Connection;
  readonly #waiting: Map<number, Waiting>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  #ids = 0;

  private constructor(
    connection: Connection,
    waiting: Map<number, Waiting>,
    closed: Promise<void>,
  ) {
    this.#connection = connection;
    this.#waiting = waiting;
    this.closed = closed;
  }

  /** Throws `PlatformError` where nobody listens there. */
  static async connect({ pipes }: Pick<Caller, "pipes">, address: string): Promise<ControlClient> {
    const waiting = new Map<number, Waiting>();
    const lines = createLineReader(LONGEST_BYTES);
    const closed = Promise.withResolvers<void>();
    const fail = (error: BatonError) => {
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    };
    const connection = await pipes.connect(address, {
      onBytes(bytes) {
        for (const line of lines.push(bytes)) {
          if (line.type === "line") take(JSON.parse(line.text), waiting, fail);
          else fail(new BatonError({ what: line.what, where: line.where, next: "Try again" }));
        }
      },
      onClose() {
        closed.resolve();
        fail(ended());
      },
    });
    return new ControlClient(connection, waiting, closed.promise);
  }

  /** Throws `BatonError` with what baton says against it, or where the connection ends before. */
  ask<N extends RequestName>(name: N, request: RequestOf<N>): Promise<AnswerTo<N>> {
    const id = ++this.#ids;
    const answer = Promise.withResolvers<AnswerTo<N>>();
    this.#waiting.set(id, answer as Waiting);
    const line = JSON.stringify({ ...request, id, type: name, protocol: CONTROL_PROTOCOL });
    this.#connection.write(new TextEncoder().encode(`${line}\n`));
    return answer.promise;
  }

  close(): void {
    this.#connection.destroy();
  }
}

/** Of an answer: many lines of a log. */
const LONGEST_BYTES = 64 * 1_048_576;

function take(
  line: AnswerLine,
  waiting: Map<number, Waiting>,
  fail: (error: BatonError) => void,
): void {
  if (line.id === null) return "error" in line ? fail(new BatonError(line.error)) : undefined;
  const one = waiting.get(line.id);
  waiting.delete(line.id);
  if ("error" in line) one?.reject(new BatonError(line.error));
  else one?.resolve(line.answer);
}

function ended(): BatonError {
  return new BatonError({
    what: "Baton ended, or this connection to it, before it had answered",
    next:
      '"baton status" says whether it runs; if not, start it again, as in "baton -- python app.py"',
  });
}
