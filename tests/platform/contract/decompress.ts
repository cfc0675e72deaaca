import { assertEquals, assertRejects } from "@std/assert";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { type Encoding, PlatformError } from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";

const COMPRESSED: Readonly<Record<Encoding, (text: string) => Uint8Array>> = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};
/** Long, and not to be made much shorter. */
const TEXT = Array.from({ length: 10_000 }, (_, index) => Math.sin(index)).join("\n");

/** In parts that are overwritten when the next is asked for. */
async function* fleeting(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(10_000);
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const part = bytes.subarray(at, at + buffer.length);
    await new Promise((done) => setTimeout(done, 0));
    buffer.fill(0);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
  buffer.fill(0);
}

/** Whoever sent it is gone after the first part. */
async function* failing(part: Uint8Array): AsyncGenerator<Uint8Array> {
  yield part;
  await Promise.reject(new Error("gone"));
}

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of parts) text += decoder.decode(part, { stream: true });
  return text;
}

export const decompressContract: readonly Clause[] = [
  {
    name: "what is compressed is read, however short its parts are there",
    async keep({ decompress }) {
      for (const [encoding, compress] of Object.entries(COMPRESSED)) {
        const text = await textOf(decompress(encoding as Encoding, fleeting(compress(TEXT))));
        assertEquals(text === TEXT, true, encoding);
      }
    },
  },
  {
    name:
      "what browsers read as well is read: deflate without its header, what ends early, and nothing",
    async keep({ decompress }) {
      assertEquals(await textOf(decompress("deflate", fleeting(deflateRawSync(TEXT)))), TEXT);
      for (const encoding of ["gzip", "deflate"] as const) {
        const early = COMPRESSED[encoding](TEXT).subarray(0, -20);
        const text = await textOf(decompress(encoding, fleeting(early)));
        assertEquals([TEXT.startsWith(text), text.length > 100_000], [true, true], encoding);
        const none = textOf(decompress(encoding, fleeting(new Uint8Array(0))));
        assertEquals(await none, "", encoding);
      }
    },
  },
  {
    name: "what is not compressed as it says, or ends with an error, is an error of the platform",
    async keep({ decompress }) {
      for (const [encoding, compress] of Object.entries(COMPRESSED)) {
        const whole = compress(TEXT);
        const broken = new Uint8Array(100).fill(255);
        const reading = () => textOf(decompress(encoding as Encoding, fleeting(broken)));
        // Deno 2.5 takes what is no Brotli for nothing at all.
        if (encoding !== "br") await assertRejects(reading, PlatformError, undefined, encoding);
        await assertRejects(
          () => textOf(decompress(encoding as Encoding, failing(whole.subarray(0, 100)))),
          PlatformError,
          "gone",
        );
      }
    },
  },
];
