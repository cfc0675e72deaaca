import { assertEquals, assertNotEquals } from "@std/assert";
import { createHmac } from "node:crypto";
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
    name: "hmac is RFC 4231's",
    keep({ hmac }) {
      assertEquals(
        hmac("Jefe", "what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      );
    },
  },
  {
    name: "hmac is that of the runtime, whatever the length of the key",
    keep({ hmac }) {
      for (const length of [0, 1, 63, 64, 65, 200]) {
        for (const text of ["", "é", "long ".repeat(1_000)]) {
          const key = "k".repeat(length);
          assertEquals(hmac(key, text), createHmac("sha256", key).update(text).digest("hex"));
        }
      }
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
    name:
      "a digest is another one for every byte more, and wherever up to four bytes in a row differ",
    keep({ digest }) {
      const length = 41;
      const ofZeros = Array.from({ length }, (_, bytes) => digest(new Uint8Array(bytes)));
      assertEquals(new Set(ofZeros).size, length);
      const before = Uint8Array.from({ length }, (_, at) => at * 37);
      for (let at = 0; at < length; at++) {
        for (let changed = 1; changed <= 4 && at + changed <= length; changed++) {
          for (const by of [1, 0x80, 0xff]) {
            const after = before.slice();
            for (let place = at; place < at + changed; place++) after[place]! ^= by;
            assertNotEquals(digest(after), digest(before), `${changed} bytes at ${at}`);
          }
        }
      }
    },
  },
  {
    name: "random ids do not repeat",
    keep({ randomId }) {
      assertEquals(new Set(Array.from({ length: 100 }, randomId)).size, 100);
    },
  },
];
