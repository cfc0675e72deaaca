import type { Transform } from "node:stream";
import type { Decompress, Encoding } from "../platform.ts";
import { systemError } from "./system_error.ts";

/** Decompresses through `node:zlib`, as it comes. That is loaded when it is first needed. */
export const decompress: Decompress = async function* (encoding, parts) {
  const [{ pipeline, Readable }, zlib] = await Promise.all([
    import("node:stream"),
    import("node:zlib"),
  ]);
  // As browsers do, it takes what ends early for whole: who sends it may flush, and never end.
  const early = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  const decoders: Readonly<Record<Encoding, (first: number | undefined) => Transform>> = {
    gzip: () => zlib.createGunzip(early),
    "x-gzip": () => zlib.createGunzip(early),
    deflate: (first) =>
      hasZlibHeader(first) ? zlib.createInflate(early) : zlib.createInflateRaw(early),
    br: () => zlib.createBrotliDecompress(),
  };
  try {
    const rest = copies(parts);
    const first = await rest.next();
    if (first.done) return;
    const decoder = decoders[encoding](first.value[0]);
    // What fails is thrown to whoever reads.
    pipeline(Readable.from(together(first.value, rest)), decoder, () => {});
    yield* decoder;
  } catch (error) {
    throw systemError(error, `decompress what is to be ${encoding}`);
  }
};

/** Many send it without (RFC 9110, 8.4.1.2), and browsers tell by this. */
function hasZlibHeader(first: number | undefined): boolean {
  return first === undefined || (first & 0x0f) === 8;
}

async function* together(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** A stream asks for the next before it is done with the last. */
async function* copies(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield part.slice();
}
