import { assert, assertEquals } from "@std/assert";
import { BufferAllowance, ReadBuffer } from "../../lib/platform/read_buffer.ts";

/** Fills it as often as it takes until it grows no more. */
function fill(buffer: ReadBuffer): number {
  for (let count = 0; count < 10; count++) buffer.fit(buffer.bytes.length);
  return buffer.bytes.length;
}

Deno.test("one that is filled grows to hold a megabyte with its head, and shrinks when that is over", () => {
  const buffer = new ReadBuffer(new BufferAllowance());
  const least = buffer.bytes.length;
  assertEquals(least, 1_024);
  assert(fill(buffer) > 1_048_576);
  const { bytes } = buffer;
  for (let count = 0; count < 300; count++) buffer.fit(count % 30 === 0 ? 1_048_704 : 65_536);
  assert(buffer.bytes === bytes, "it stays where much comes in pieces");
  for (let count = 0; count < 400; count++) buffer.fit(10);
  assertEquals(buffer.bytes.length, least);
});

Deno.test("all together stay within the allowance, and none is left with little", () => {
  const allowance = new BufferAllowance(3_000_000);
  const buffers = Array.from({ length: 100 }, () => new ReadBuffer(allowance));
  const total = buffers.map(fill).reduce((sum, length) => sum + length);
  assert(total <= 3_000_000 + 100 * 65_536, `${total} bytes`);
  assert(buffers.every(({ bytes }) => bytes.length >= 65_536));
});

Deno.test("what shrinks or ends gives back what it took, and takes nothing afterwards", () => {
  const allowance = new BufferAllowance(2_000_000);
  const [one, other] = [new ReadBuffer(allowance), new ReadBuffer(allowance)];
  fill(one);
  one.release();
  one.release();
  one.fit(1_114_112); // a read that had come already
  assertEquals(allowance.leftBytes, 2_000_000);
  fill(other);
  for (let count = 0; count < 400; count++) other.fit(10);
  assertEquals(allowance.leftBytes, 2_000_000);
});
