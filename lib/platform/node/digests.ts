import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";

/** SHA-256, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** HMAC-SHA-256, lower-case hex. */
export function hmac(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

/**
 * The length, and CRC-32 as ISO 3309 has it. A native hash of more bits leaves an object behind each time, and
 * one that is written here is slow without an optimizing compiler.
 */
export function digest(bytes: Uint8Array): bigint {
  return BigInt(bytes.length) << 32n | BigInt(crc32(bytes));
}
