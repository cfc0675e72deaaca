const LEAST_BYTES = 1_024;
/** As much as each may have, however many there are. */
const FREE_BYTES = 65_536;
/** A megabyte with the head in front of it: each read fewer is one time less that three processes wake another. */
const MOST_BYTES = 1_114_112;
const GROWTH = 4;
/**
 * As many reads in a row that needed little tell that more will not be needed soon. Of much that comes in pieces
 * some are small, and to make and clear a buffer costs as much as to fill it.
 */
const FEW = 64;

/** What all buffers together may have beyond what is free: thousands of connections could say much at once. */
export class BufferAllowance {
  constructor(public leftBytes = 67_108_864) {}
}

/**
 * A buffer as large as what comes: a thousand connections that say nothing keep little, and one that says much
 * is not held up.
 */
export class ReadBuffer {
  readonly #allowance: BufferAllowance;
  #bytes = new Uint8Array(LEAST_BYTES);
  #small = 0;

  constructor(allowance: BufferAllowance) {
    this.#allowance = allowance;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** So much was read into it: the next may be larger or smaller. */
  fit(count: number): void {
    const { length } = this.#bytes;
    const isSmall = count < length / GROWTH && length > LEAST_BYTES;
    this.#small = isSmall ? this.#small + 1 : 0;
    if (count === length && length < MOST_BYTES) this.#resize(length * GROWTH);
    else if (this.#small === FEW) this.#resize(length / GROWTH);
  }

  /** Gives back what it took of the allowance; nothing is read into it any more. */
  release(): void {
    this.#resize(0);
  }

  #resize(wanted: number): void {
    const before = this.#bytes.length;
    const length = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, wanted));
    const more = beyondFree(length) - beyondFree(before);
    if (more > this.#allowance.leftBytes) return;
    this.#allowance.leftBytes -= more;
    this.#bytes = new Uint8Array(length);
    this.#small = 0;
  }
}

function beyondFree(length: number): number {
  return Math.max(0, length - FREE_BYTES);
}
