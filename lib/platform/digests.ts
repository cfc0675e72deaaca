import { createHash } from "node:crypto";

/** SHA-256, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * The first 64 bits of SHA-1: native in both runtimes, and no slower at 10 KB (12 µs) or 1 MB (0.6 ms) than
 * an FNV or Murmur written in TypeScript, or than MD5.
 */
export function digest(bytes: Uint8Array): bigint {
  const { buffer, byteOffset } = createHash("sha1").update(bytes).digest();
  return new DataView(buffer, byteOffset).getBigUint64(0);
}
