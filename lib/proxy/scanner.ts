import type { Framing } from "./framing.ts";
import { Malformed } from "./malformed.ts";

/** Follows the body of a message through the bytes that it comes in, to where it ends. */
export interface Scanner {
  /** How many of these bytes are of it; hands what it carries to `onData`. Throws `Malformed`. */
  scan(bytes: Uint8Array, onData?: (data: Uint8Array) => void): number;
  /** Nothing more is of it. */
  readonly isDone: boolean;
  /** It may be ended here by a last chunk of baton's own. */
  readonly isBetweenChunks: boolean;
  /** How many of the next bytes are of it, whatever they are, as far as that is known. */
  readonly leftBytes: number;
  /** So many of them have passed without a look at them. */
  skip(count: number): void;
}

export function scannerOf(framing: Framing): Scanner {
  switch (framing.kind) {
    case "none":
      return new Lengthy(0);
    case "length":
      return new Lengthy(framing.bytes);
    case "chunked":
      return new Chunked();
    case "close":
      return new Lengthy(Infinity);
  }
}

class Lengthy implements Scanner {
  readonly isBetweenChunks = false;
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  get leftBytes(): number {
    return this.#left === Infinity ? 0 : this.#left;
  }

  skip(count: number): void {
    this.#left -= count;
  }

  scan(bytes: Uint8Array, onData?: (data: Uint8Array) => void): number {
    const count = Math.min(this.#left, bytes.length);
    this.#left -= count;
    if (count > 0) onData?.(bytes.subarray(0, count));
    return count;
  }
}

const CR = 13;
const LF = 10;
/** Of a chunk's size, and of all trailers: more than any sender needs, and few enough to bound a bad one. */
const LONGEST_SIZE_LINE = 4_096;
const LONGEST_TRAILERS = 65_536;
const SIZE_LINE = /^([\da-fA-F]{1,13})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;

/** Chunks, passed on as they are: so are their extensions and what trails. Every line has to end in CR LF. */
class Chunked implements Scanner {
  #part: "size" | "data" | "after data" | "trailers" | "done" = "size";
  #left = 0;
  #line = "";
  #trailerBytes = 0;

  get isDone(): boolean {
    return this.#part === "done";
  }

  get leftBytes(): number {
    return this.#part === "data" ? this.#left : 0;
  }

  skip(count: number): void {
    this.#left -= count;
    if (count > 0 && this.#left === 0) this.#part = "after data";
  }

  get isBetweenChunks(): boolean {
    return this.#part === "size" && this.#line === "";
  }

  scan(bytes: Uint8Array, onData?: (data: Uint8Array) => void): number {
    let at = 0;
    while (at < bytes.length && this.#part !== "done") {
      if (this.#part === "data") {
        const data = bytes.subarray(at, at + this.#left);
        onData?.(data);
        at += data.length;
        this.#left -= data.length;
        if (this.#left === 0) this.#part = "after data";
      } else at = this.#readLine(bytes, at);
    }
    return at;
  }

  #readLine(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(LF, from);
    const to = end < 0 ? bytes.length : end + 1;
    if (this.#line.length + to - from > LONGEST_SIZE_LINE) {
      throw new Malformed("A line of a chunked body is too long");
    }
    this.#line += String.fromCharCode(...bytes.subarray(from, to));
    if (end < 0) return to;
    if (this.#line.charCodeAt(this.#line.length - 2) !== CR) {
      throw new Malformed("A line of a chunked body does not end in CR LF");
    }
    const line = this.#line.slice(0, -2);
    this.#line = "";
    this.#take(line);
    return to;
  }

  #take(line: string): void {
    if (this.#part === "size") {
      const digits = SIZE_LINE.exec(line)?.[1];
      if (digits === undefined) throw new Malformed("A chunk has no size");
      this.#left = parseInt(digits, 16);
      this.#part = this.#left === 0 ? "trailers" : "data";
    } else if (this.#part === "after data") {
      if (line !== "") throw new Malformed("A chunk is longer than its size");
      this.#part = "size";
    } else if (line === "") this.#part = "done";
    else {
      this.#trailerBytes += line.length;
      const isFit = TRAILER_LINE.test(line) && this.#trailerBytes <= LONGEST_TRAILERS;
      if (!isFit) throw new Malformed("What trails a chunked body is no header");
    }
  }
}
