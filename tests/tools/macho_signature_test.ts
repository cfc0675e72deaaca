import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { isSigned, signatureFault, signedAdHoc } from "../../tools/release/macho_signature.ts";

const SEGMENT_BYTES = 72;
const [CODE_BYTES, LINK_EDIT_AT, SIGNATURE_AT] = [10_000, 8_192, 9_984];

/** As small as one can be: a header, two segments, and a signature that is not one yet. */
function executable(): Uint8Array {
  const bytes = new Uint8Array(CODE_BYTES).fill(7);
  const view = new DataView(bytes.buffer);
  const words = (at: number, ...values: number[]) =>
    values.forEach((value, index) => view.setUint32(at + index * 4, value, true));
  words(0, 0xfeedfacf, 0x01000007, 3, 2, 3, 2 * SEGMENT_BYTES + 16, 0, 0);
  segment("__TEXT", 32, 0, LINK_EDIT_AT);
  segment("__LINKEDIT", 32 + SEGMENT_BYTES, LINK_EDIT_AT, CODE_BYTES - LINK_EDIT_AT);
  words(32 + 2 * SEGMENT_BYTES, 0x1d, 16, SIGNATURE_AT, CODE_BYTES - SIGNATURE_AT);
  return bytes;

  function segment(name: string, at: number, from: number, sizeBytes: number): void {
    words(at, 0x19, SEGMENT_BYTES);
    bytes.set(new TextEncoder().encode(name.padEnd(16, "\0")), at + 8);
    words(at + 24, from, 1, 0x4000, 0, from, 0, sizeBytes, 0);
  }
}

Deno.test("an executable for macOS that is signed ad hoc has the hash of each page, and ends with its signature", () => {
  const stale = executable();
  assertMatch(signatureFault(stale)!, /begins with no code directory/);
  const signed = signedAdHoc(stale);
  assertEquals(signatureFault(signed), null);
  assertEquals(signed.subarray(1_000, SIGNATURE_AT), stale.subarray(1_000, SIGNATURE_AT));
  const view = new DataView(signed.buffer);
  const linkEdit = 32 + SEGMENT_BYTES;
  assertEquals(view.getBigUint64(linkEdit + 48, true), BigInt(signed.length - LINK_EDIT_AT));
  assertEquals(signedAdHoc(signed), signed);
});

Deno.test("each byte that is not as it was signed, or not signed, is found", () => {
  const signed = signedAdHoc(executable());
  for (const at of [500, LINK_EDIT_AT, SIGNATURE_AT - 1]) {
    const other = signed.slice();
    other[at]! ^= 1;
    assertEquals(signatureFault(other), "1 of its pages differ from what is signed");
  }
  assertMatch(signatureFault(new Uint8Array([...signed, 0]))!, /does not end with the file/);
  const longer = signed.slice();
  const length = SIGNATURE_AT + 20 + 32;
  new DataView(longer.buffer).setUint32(length, SIGNATURE_AT - 4_096);
  assertMatch(signatureFault(longer)!, /signed to byte 5888, and 9984 bytes long without/);
});

Deno.test("what has no signature, or has something behind it, is not signed here", () => {
  const none = executable();
  new DataView(none.buffer).setUint32(16, 2, true);
  assertEquals([isSigned(none), isSigned(executable())], [false, true]);
  assertEquals(signatureFault(none), "it is not signed");
  assertThrows(() => signedAdHoc(none), Error, "no place for a signature");
  assertThrows(() => signedAdHoc(new Uint8Array([...executable(), 0])), Error, "behind");
});
