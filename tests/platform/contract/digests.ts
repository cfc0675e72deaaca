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
    name: "digest is 64 bits of what is in the view, not around it",
    keep({ digest }) {
      const whole = bytes("xabcx");
      assertEquals(digest(whole.subarray(1, 4)), digest(bytes("abc")));
      assertEquals(digest(bytes("abc")), 0xa9993e364706816an);
      assertNotEquals(digest(bytes("abd")), digest(bytes("abc")));
    },
  },
  {
    name: "random ids do not repeat",
    keep({ randomId }) {
      assertEquals(new Set(Array.from({ length: 100 }, randomId)).size, 100);
    },
  },
];
