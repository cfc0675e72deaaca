const LEAST_BYTES = 1_024;
const MOST_BYTES = 262_144;
const GROWTH = 4;
/** As many reads in a row that needed little tell that more will not be needed soon. */
const FEW = 4;

/**
 * A buffer as large as what comes: a thousand connections that say nothing keep little, and one that says much
 * is not held up.
 */
export class ReadBuffer {
  #bytes = new Uint8Array(LEAST_BYTES);
  #small = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** What was read, and room for what that promises. */
  take(count: number): Uint8Array {
    const read = this.#bytes.subarray(0, count);
    const { length } = this.#bytes;
    const isSmall = count < length / GROWTH && length > LEAST_BYTES;
    this.#small = isSmall ? this.#small + 1 : 0;
    if (count === length && length < MOST_BYTES) this.#resize(length * GROWTH);
    else if (this.#small === FEW) this.#resize(length / GROWTH);
    return read;
  }

  #resize(length: number): void {
    this.#bytes = new Uint8Array(Math.min(MOST_BYTES, Math.max(LEAST_BYTES, length)));
    this.#small = 0;
  }
}
