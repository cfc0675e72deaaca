const LINES = 20;
/** Of a longer line its beginning and its end are kept, each so long: what is minified hides no other line. */
const END_CHARACTERS = 1_000;
const CUT = "…";

/** Keeps the last lines of a stream of bytes. */
export class Tail {
  readonly #decoder = new TextDecoder();
  /** Those that are complete. */
  #lines: string[] = [];
  #rest = "";

  push(chunk: Uint8Array): void {
    const [first, ...more] = this.#decoder.decode(chunk, { stream: true }).split("\n");
    this.#rest = cut(this.#rest + first);
    if (more.length === 0) return;
    const parts = [this.#rest, ...more.map(cut)];
    this.#rest = parts.pop()!;
    this.#lines = [...this.#lines, ...parts.slice(-LINES).map(withoutReturn)].slice(-LINES);
  }

  /** Without their line ends, at most 20; a long one is cut. */
  lines(): string[] {
    const rest = this.#rest === "" ? [] : [withoutReturn(this.#rest)];
    return [...this.#lines, ...rest].slice(-LINES);
  }
}

function cut(line: string): string {
  if (line.length <= 2 * END_CHARACTERS + CUT.length) return line;
  return line.slice(0, END_CHARACTERS) + CUT + line.slice(-END_CHARACTERS);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
