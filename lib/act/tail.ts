const LINES = 20;
const MAX_CHARACTERS = 16_384;

/** Keeps the last lines of a stream of bytes. */
export class Tail {
  readonly #decoder = new TextDecoder();
  #text = "";

  push(chunk: Uint8Array): void {
    this.#text = (this.#text + this.#decoder.decode(chunk, { stream: true })).slice(
      -MAX_CHARACTERS,
    );
  }

  /** Without their line ends, at most 20. */
  lines(): string[] {
    const lines = this.#text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    return lines.slice(-LINES);
  }
}
