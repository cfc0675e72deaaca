import type { Transform } from "node:stream";
import type { Decompress, Encoding } from "../platform.ts";
import { systemError } from "./system_error.ts";

/** Decompresses through `node:zlib`, as it comes. That is loaded when it is first needed. */
export const decompress: Decompress = async function* (encoding, parts) {
  const [{ pipeline, Readable }, zlib] = await Promise.all([
    import("node:stream"),
    import("node:zlib"),
  ]);
  const decoders: Readonly<Record<Encoding, () => Transform>> = {
    gzip: zlib.createGunzip,
    "x-gzip": zlib.createGunzip,
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
  };
  const decoder = decoders[encoding]();
  // What fails is thrown to whoever reads.
  pipeline(Readable.from(copies(parts)), decoder, () => {});
  try {
    yield* decoder;
  } catch (error) {
    throw systemError(error, `decompress what is to be ${encoding}`);
  }
};

/** A stream asks for the next before it is done with the last. */
async function* copies(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield part.slice();
}
