import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Of SHA-256. */
const BLOCK_BYTES = 64;

/** SHA-256, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * HMAC-SHA-256 (RFC 2104), lower-case hex. Not by `createHmac`: Deno's takes half a millisecond each time, and
 * three the first, where these two digests take hundredths of one.
 */
export function hmac(key: string, text: string): string {
  const bytes = new TextEncoder().encode(key);
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(bytes.length > BLOCK_BYTES ? createHash("sha256").update(bytes).digest() : bytes);
  const inner = createHash("sha256").update(block.map((byte) => byte ^ 0x36)).update(text).digest();
  const outer = createHash("sha256").update(block.map((byte) => byte ^ 0x5c)).update(inner);
  return outer.digest("hex");
}

/**
 * The length, and CRC-32 as ISO 3309 has it. A native hash of more bits leaves an object behind each time, and
 * one that is written here is slow without an optimizing compiler.
 */
export function digest(bytes: Uint8Array): bigint {
  return BigInt(bytes.length) << 32n | BigInt(crc32(bytes));
}
