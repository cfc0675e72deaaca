import { assertEquals, assertNotEquals } from "@std/assert";
import type { Clause } from "../contract.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

export const digestContract: readonly Clause[] = [
  {
    name: "sha256 is the standard's",
    keep({ sha256 }) {
      assertEquals(
        sha256(bytes("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      );
    },
  },
  {
    name: "digest is of what is in the view, not around it",
    keep({ digest }) {
      const text = "what is in the view";
      const whole = bytes(`x${text}x`);
      assertEquals(digest(whole.subarray(1, -1)), digest(bytes(text)));
      assertNotEquals(digest(whole.subarray(1)), digest(bytes(text)));
    },
  },
  {
    name: "either half of a digest is another one for every bit and every byte more",
    keep({ digest }) {
      const length = 41;
      const high = new Set<bigint>();
      const low = new Set<bigint>();
      const note = (content: Uint8Array) => {
        high.add(digest(content) >> 32n);
        low.add(digest(content) & 0xffff_ffffn);
      };
      for (let bit = 0; bit < length * 8; bit++) {
        const content = new Uint8Array(length);
        content[bit >> 3] = 1 << (bit & 7);
        note(content);
      }
      for (let zeros = 0; zeros <= length; zeros++) note(new Uint8Array(zeros));
      const different = length * 8 + length + 1;
      assertEquals([high.size, low.size], [different, different]);
    },
  },
  {
    name: "random ids do not repeat",
    keep({ randomId }) {
      assertEquals(new Set(Array.from({ length: 100 }, randomId)).size, 100);
    },
  },
];
