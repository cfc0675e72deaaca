import type { TcpConnection } from "../platform/platform.ts";
import { endsInLf, textOf } from "./head.ts";
import { CutOff, Malformed } from "./malformed.ts";

/** Longer than any browser sends, and short enough that a thousand of them are no harm. */
export const LONGEST_HEAD = 262_144;
const MOST_EMPTY_BYTES = 1_024;
const [CR, LF] = [13, 10];
const NONE = new Uint8Array(0);
/** Nearly all are shorter, and what follows them is not to be read as text. */
const SHORT_HEAD = 1_024;
const END_OF_HEAD = /\n\r?\n/;
const AT_ONCE = Promise.resolve();

/** What comes over a connection, with what was read too far put back. */
export class Source {
  readonly #connection: TcpConnection;
  #pending: Uint8Array | null = null;
  #spare = 0;
  #filling: Promise<void> | null = null;
  #isEnded = false;
  #failure: Error | null = null;
  #onNews: (() => void) | null = null;
  readonly #fill: (bytes: Uint8Array | null) => void;
  readonly #fail: (error: unknown) => void;

  constructor(connection: TcpConnection) {
    this.#connection = connection;
    // Made once: each read by an asynchronous function would make two promises more.
    this.#fill = (bytes) => {
      this.#spare = 0;
      this.#pending = bytes;
      this.#isEnded = bytes === null;
      this.#told();
    };
    this.#fail = (error) => {
      if (!(error instanceof Error)) throw error;
      this.#failure = error;
      this.#told();
    };
  }

  /** The other side has ended, or is gone, and nothing of it is left. */
  get isOver(): boolean {
    return this.#pending === null && (this.#isEnded || this.#failure !== null);
  }

  /** The connection is broken: nothing comes of it any more, and nobody hears what is written to it. */
  get isBroken(): boolean {
    return this.#failure !== null;
  }

  get hasPending(): boolean {
    return this.#pending !== null;
  }

  /** What was read, and is not used yet. */
  get pending(): Uint8Array {
    return this.#pending ?? NONE;
  }

  /** Reads on, beside what is pending; false where nothing more comes. */
  async more(): Promise<boolean> {
    const before = this.#pending?.slice() ?? new Uint8Array(0);
    this.#pending = null;
    await this.ahead();
    const after = this.pending;
    const whole = joined(before, before.length, after).subarray(0, before.length + after.length);
    this.#pending = whole.length === 0 ? null : whole;
    return after.length > 0;
  }

  /**
   * Reads on where nothing is left; resolves once something is there, or it is over. Never while what `chunk`
   * gave is in use.
   */
  ahead(): Promise<void> {
    if (this.#pending !== null || this.isOver) return AT_ONCE;
    return this.#filling ??= this.#connection.read().then(this.#fill, this.#fail);
  }

  /**
   * Reads ahead, and calls back once something has come, or it is over; null: nobody is to be called back any more.
   * Not while what `chunk` gave is in use.
   */
  heed(onNews: (() => void) | null): void {
    this.#onNews = onNews;
    if (onNews === null) return;
    if (this.isOver) this.#told();
    else this.ahead();
  }

  /** The next bytes, there until the next call; null at the end. Rejects where the connection is broken. */
  async chunk(): Promise<Uint8Array | null> {
    if (this.#pending === null) await this.ahead();
    return this.take();
  }

  /** What `chunk` gives where `ahead` has resolved. */
  take(): Uint8Array | null {
    const bytes = this.#pending;
    this.#pending = null;
    if (bytes === null && this.#failure !== null) throw this.#failure;
    return bytes;
  }

  /**
   * Writes `first`, and after it up to `most` bytes of what comes next, without a look at them; resolves with how
   * many those were.
   */
  async splice(to: TcpConnection, first: Uint8Array, most: number): Promise<number> {
    const isNext = this.#pending === null && this.#filling === null;
    if (isNext && this.#connection.splice) return await this.#connection.splice(to, first, most);
    await to.write(first);
    return 0;
  }

  /** How many bytes in front of what `chunk` gave last nobody needs any more: those of the head before it. */
  get spare(): number {
    return this.#spare;
  }

  /** Puts back the rest of what `chunk` gave last. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pending = bytes;
  }

  /**
   * The next head, without its empty line; null where the other side has ended before it. With `isStrict` its
   * lines end in CR LF. Rejects with `Malformed`, and with `CutOff` where it ends half way.
   */
  async head(isStrict: boolean): Promise<string | null> {
    if (this.#pending === null) await this.ahead();
    return this.headAtHand(isStrict) ?? await this.#longHead(isStrict);
  }

  /** The next head, where all of it has come, and it is no long one, nor an odd one: null. */
  headAtHand(isStrict: boolean): string | null {
    const bytes = this.#pending;
    if (bytes === null || bytes[0] === CR) return null;
    const text = textOf(bytes.length > SHORT_HEAD ? bytes.subarray(0, SHORT_HEAD) : bytes);
    const end = text.search(END_OF_HEAD);
    if (end < 0) return null;
    const hasCr = text.charCodeAt(end - 1) === CR;
    const isWithCr = text.charCodeAt(end + 1) === CR;
    const head = text.slice(0, hasCr ? end - 1 : end);
    if (isStrict && !(hasCr && isWithCr && !endsInLf(head))) return null;
    const length = end + (isWithCr ? 3 : 2);
    this.#pending = length < bytes.length ? bytes.subarray(length) : null;
    this.#spare = length;
    return head;
  }

  async #longHead(isStrict: boolean): Promise<string | null> {
    let kept = NONE;
    let length = 0;
    for (let scanned = 0;;) {
      if (this.#pending === null) await this.ahead();
      const bytes = this.take();
      if (bytes === null) {
        if (length === 0) return null;
        throw new CutOff("The connection ended within a head");
      }
      if (length === 0) {
        const [end, lines] = endOfHead(bytes, 0, isStrict);
        if (end > 0) return this.#cut(bytes, end);
        scanned = lines;
      }
      kept = joined(kept, length, bytes);
      length += bytes.length;
      const whole = kept.subarray(0, length);
      const [end, lines] = endOfHead(whole, scanned, isStrict);
      if (end > 0 && end <= LONGEST_HEAD) return this.#cut(whole, end);
      if (length > LONGEST_HEAD) throw new Malformed("The head is too long", 431);
      scanned = lines;
    }
  }

  #cut(bytes: Uint8Array, end: number): string {
    this.unread(bytes.subarray(end));
    this.#spare = end;
    let to = end;
    for (let lines = 0; lines < 2; lines++) to -= bytes[to - 2] === CR ? 2 : 1;
    return textOf(bytes.subarray(startOfHead(bytes), to));
  }

  #told(): void {
    this.#filling = null;
    const onNews = this.#onNews;
    this.#onNews = null;
    onNews?.();
  }
}

/** With room that doubles, so that what comes byte by byte is not copied each time. */
function joined(
  kept: Uint8Array<ArrayBuffer>,
  length: number,
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  let whole = kept;
  if (length + bytes.length > kept.length) {
    whole = new Uint8Array(2 * (length + bytes.length));
    whole.set(kept.subarray(0, length));
  }
  whole.set(bytes, length);
  return whole;
}

/** Empty lines before it are no part of it. Throws `Malformed` where they are many, as each read looks at all. */
function startOfHead(bytes: Uint8Array): number {
  let start = 0;
  while (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
  if (start > MOST_EMPTY_BYTES) throw new Malformed("There are many empty lines before a head");
  return start;
}

/** Where the head ends, or 0, and from where to look again. Empty lines before it are no end (RFC 9112, 2.2). */
function endOfHead(bytes: Uint8Array, from: number, isStrict: boolean): [number, number] {
  const start = startOfHead(bytes);
  for (let at = bytes.indexOf(LF, Math.max(from, start)); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const hasCr = bytes[at - 1] === CR;
    if (isStrict && !hasCr) throw new Malformed("A header line does not end in CR LF");
    if (bytes[at - (hasCr ? 2 : 1)] === LF && at > start) return [at + 1, at];
  }
  return [0, bytes.length];
}
