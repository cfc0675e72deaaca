/** What a body may be compressed with, by the names of HTTP. */
export type Encoding = "gzip" | "x-gzip" | "deflate" | "br";

/**
 * The same bytes decompressed, as they come. A part is of no use any more once the next is asked for. Throws
 * `PlatformError` where they are not compressed so, or the parts end with an error.
 */
export type Decompress = (
  encoding: Encoding,
  parts: AsyncIterable<Uint8Array>,
) => AsyncIterable<Uint8Array>;
