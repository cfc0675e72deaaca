import type { Answer } from "./answer.ts";
import type { Field, RequestHead, ResponseHead } from "./head.ts";

/** A request for baton itself, below `/_baton/`. */
export interface OwnRequest extends RequestHead {
  /** Its body; rejects with `Malformed` where that is longer than `most` bytes. */
  body(most: number): Promise<Uint8Array>;
  /** Aborted when the client is gone, or baton ends. */
  readonly signal: AbortSignal;
}

/** Answers requests for baton itself. */
export type OwnHandler = (request: OwnRequest) => Answer | Promise<Answer>;

/** How one answer of the program is changed on its way to the client. */
export interface Rewriting {
  /** The fields in place of its own; those that say how the body ends are not among them. */
  readonly fields: readonly Field[];
  /** Makes the new body of the old one; the parts are there until the next is asked for. */
  body(parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Says how an answer of a generation that has a body is to be changed; null leaves every byte of it as it is. */
export type Rewrite = (
  request: RequestHead,
  response: ResponseHead & {
    /** Without those that are for one hop, and those that say how the body ends. */
    readonly fields: readonly Field[];
  },
  generation: number,
) => Rewriting | null;

/** How the fields of an answer are changed on their way to the client, beside those that are for one hop. */
export type Tell = (fields: readonly Field[]) => readonly Field[];

/** How a request is changed on its way to the program, beside what is for one hop. */
export type Ask = (request: RequestHead) => RequestHead;
