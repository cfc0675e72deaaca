/** The longest line either side accepts, in bytes, the newline included. */
export const MAX_LINE_BYTES = 1_048_576;

/** One line, and where it stood in the stream. */
export interface Line {
  readonly type: "line";
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Bytes of the stream before this line. */
  readonly offset: number;
}

/** Why the bytes stopped being lines. */
export interface LineProblem {
  readonly type: "problem";
  readonly what: string;
  /** As in `line 3, byte 120`; bytes count from 0, from the start of the stream. */
  readonly where: string;
}

/** Bytes in, lines out. Nothing is thrown; after a problem it stays silent. */
export interface LineReader {
  /** What these bytes complete, cut as it is asked for: ask for all of it before the next call. */
  push(bytes: Uint8Array): Iterable<Line | LineProblem>;
  /** The stream has ended: the problem that a line was cut off, or null. */
  end(): LineProblem | null;
}

/** A place in the stream, in words. */
export function placeOf(line: number, offset: number): string {
  return `line ${line}, byte ${offset}`;
}

const NEWLINE = 0x0a;

/**
 * Cuts a stream into lines of strict UTF-8, each of at most `maxBytes` with its newline. It holds one
 * unfinished line at most, so its memory is bounded by `maxBytes` whatever arrives, and how the stream is
 * cut into chunks never changes what comes out.
 */
export function createLineReader(maxBytes: number = MAX_LINE_BYTES): LineReader {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let held: Uint8Array = new Uint8Array(0);
  let heldBytes = 0;
  let number = 1;
  let offset = 0;
  let broken = false;

  function hold(bytes: Uint8Array): void {
    const needed = heldBytes + bytes.length;
    if (needed > held.length) {
      const grown = new Uint8Array(Math.min(maxBytes, Math.max(needed, 2 * held.length)));
      grown.set(held.subarray(0, heldBytes));
      held = grown;
    }
    held.set(bytes, heldBytes);
    heldBytes = needed;
  }

  function problem(what: string, at: number): LineProblem {
    broken = true;
    held = new Uint8Array(0);
    return { type: "problem", what, where: placeOf(number, at) };
  }

  function decode(bytes: Uint8Array): Line | LineProblem {
    try {
      return { type: "line", text: decoder.decode(bytes), number, offset };
    } catch {
      return problem("The line is not UTF-8", offset + firstIllFormed(bytes));
    }
  }

  return {
    *push(bytes) {
      let from = 0;
      while (!broken && from < bytes.length) {
        const newline = bytes.indexOf(NEWLINE, from);
        const to = newline === -1 ? bytes.length : newline;
        const lineBytes = heldBytes + to - from;
        if (lineBytes >= maxBytes) {
          yield problem(`The line is longer than ${maxBytes} bytes`, offset + maxBytes - 1);
          return;
        }
        const part = bytes.subarray(from, to);
        if (newline === -1) return hold(part);
        if (heldBytes > 0) hold(part);
        const line = decode(heldBytes > 0 ? held.subarray(0, heldBytes) : part);
        heldBytes = 0;
        number += 1;
        offset += lineBytes + 1;
        from = newline + 1;
        yield line;
      }
    },
    end() {
      if (broken || heldBytes === 0) return null;
      return problem("The line was cut off", offset + heldBytes);
    },
  };
}

/** Where bytes and their repaired text part: at, or inside, the first sequence that is not UTF-8. */
function firstIllFormed(bytes: Uint8Array): number {
  const repaired = new TextEncoder().encode(
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  );
  let index = 0;
  while (index < bytes.length && bytes[index] === repaired[index]) index += 1;
  return index;
}
