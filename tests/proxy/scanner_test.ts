/** Bodies, in whatever pieces they come. */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../lib/proxy/head.ts";
import { Malformed } from "../../lib/proxy/malformed.ts";
import { scannerOf } from "../../lib/proxy/scanner.ts";

const text = fc.string({ unit: "binary-ascii", maxLength: 40 });
const extension = fc.constantFrom("", ";a", ' ; a="b c"');
const trailer = fc.constantFrom("", "X-T: 1\r\n", "a:\r\nb: c\r\n");
const cuts = fc.array(fc.nat(20), { minLength: 1 });

/** Scans it in pieces of these lengths; what was taken, and what it carried. */
function scan(body: string, lengths: readonly number[]): { taken: number; data: string } {
  const scanner = scannerOf({ kind: "chunked" });
  const bytes = bytesOf(body);
  let [taken, data] = [0, ""];
  for (let turn = 0, at = 0; at < bytes.length && !scanner.isDone; turn++) {
    const piece = bytes.subarray(at, at + 1 + lengths[turn % lengths.length]!);
    taken += scanner.scan(piece, (part) => data += textOf(part));
    at += piece.length;
  }
  return { taken, data: scanner.isDone ? data : "not done" };
}

Deno.test("chunks end where they end, however they are cut, and carry what they carry", () => {
  fc.assert(
    fc.property(
      fc.array(text),
      extension,
      trailer,
      text,
      cuts,
      (parts, more, last, rest, lengths) => {
        const full = parts.filter((part) => part !== "");
        const chunks = full.map((part) => `${part.length.toString(16)}${more}\r\n${part}\r\n`);
        const body = `${chunks.join("")}0\r\n${last}\r\n`;
        assertEquals(scan(body + rest, lengths), { taken: body.length, data: full.join("") });
      },
    ),
  );
});

Deno.test("any bytes are a body of chunks or `Malformed`, never anything else", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), cuts, (body, lengths) => {
      try {
        scan(body, lengths);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
      }
    }),
  );
  assertThrows(() => scan(`1;${"a".repeat(5_000)}\r\n`, [100]), Malformed);
  assertThrows(() => scan(`0\r\n${"a: b\r\n".repeat(20_000)}`, [9]), Malformed);
});
