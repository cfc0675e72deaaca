import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { locate } from "../../lib/configure/locate.ts";

Deno.test("every key and element of any JSON is found where it is written", () => {
  const key = fc.string({ maxLength: 5 }).filter((name) => name !== "__proto__");
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(fc.property(fc.dictionary(key, value, { minKeys: 1 }), fc.nat(8), (content, indent) => {
    const text = JSON.stringify(content, null, indent);
    const lines = text.split("\n");
    for (const name of Object.keys(content)) {
      const found = locate(text, [name]);
      if (!found) throw new Error(`${JSON.stringify(name)} was not found in ${text}`);
      const rest = lines[found.line - 1]!.slice(found.column - 1);
      assertEquals(rest.startsWith(JSON.stringify(name) + ":"), true, text);
    }
  }));
});

Deno.test("comments and brackets in text mislead nobody", () => {
  const text = '{ // "b": 1\n "a": "}{,[\\"", /* "b": */ "c": [{"b": 1}, [2], "x"],\n "b": 1 }';
  const line = text.split("\n")[1];
  assertEquals(locate(text, ["b"]), { line: 3, column: 2 });
  assertEquals(locate(text, ["c", 2]), { line: 2, column: 1 + line!.indexOf('"x"') });
  assertEquals(locate(text, ["c", 0, "b"]), { line: 2, column: 1 + line!.indexOf('"b": 1') });
  assertEquals(locate(text, ["d"]), null);
});
