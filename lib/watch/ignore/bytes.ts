/**
 * Git matches bytes. Here they are strings of characters below 256, one a byte, so that what is not UTF-8 stays what
 * it is, and everything that is ASCII need not be converted.
 */

const CHUNK_BYTES = 8_192;
const BEYOND_ASCII = /[\u0080-\uffff]/;

const encoder = new TextEncoder();

export function bytesOfText(text: string): string {
  return BEYOND_ASCII.test(text) ? asString(encoder.encode(text)) : text;
}

export function asString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return text;
}

/** Of ASCII only, as git does it. */
export function inLowerCase(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
