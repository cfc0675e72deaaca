import { assertEquals, assertThrows } from "@std/assert";
import { defineComponent } from "../../lib/client/components.ts";

Deno.test("components: what cannot be declared is refused with its value", () => {
  const declare = (name: string, timeoutMs?: number) => () =>
    defineComponent(name, () => {}, { timeoutMs });
  assertThrows(declare(""), RangeError, `1 to 200 characters, got ""`);
  assertThrows(declare("x".repeat(201)), RangeError, "1 to 200 characters");
  for (const bad of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(declare("http", bad), RangeError, `positive integer, got ${bad}`);
  }
  assertEquals(declare("x".repeat(200))().timeoutMs, 5_000);
});
