/** What a body may be compressed with, by the names of HTTP. */
export type Encoding = "gzip" | "x-gzip" | "deflate" | "br";

/** The same bytes decompressed, as they come; throws where they are not compressed so. */
export type Decompress = (
  encoding: Encoding,
  parts: AsyncIterable<Uint8Array>,
) => AsyncIterable<Uint8Array>;
