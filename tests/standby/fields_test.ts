import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeLine, encodeLine, itemsOf } from "../../lib/standby/fields.ts";

Deno.test("a line says again what was put into it, whatever that is", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: fc.constantFrom("a", "\\", "\t", "\n", "n", "t", "ü") }), {
      minLength: 1,
    }),
    (fields) => {
      const line = encodeLine(...fields);
      assertEquals(line.indexOf("\n"), line.length - 1);
      assertEquals(decodeLine(line.slice(0, -1)), fields);
    },
  ));
});

Deno.test("items of a field", () => {
  assertEquals(itemsOf(decodeLine(encodeLine(["a b", "c\td"]).trimEnd())[0]), ["a b", "c\td"]);
  assertEquals([itemsOf(""), itemsOf(undefined)], [[], []]);
});
