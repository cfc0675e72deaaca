import { assertEquals } from "@std/assert";
import { placeOf } from "../../lib/client/error_place.ts";

function failing(stack: string, message = "Bad", cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { stack });
}

Deno.test("the innermost call in the project is the place, of what was the cause", () => {
  const deno =
    "Error: Bad\n    at parse (ext:core/a.js:1:2)\n    at read (file:///app/data.ts:7:9)";
  assertEquals(placeOf(failing(deno), "/app"), { file: "data.ts", line: 7 });
  const node = "Error: Bad\n    at Object.<anonymous> (/app/src/a b.mjs:3:1)";
  assertEquals(placeOf(failing(node.replace("a b", "ab")), "/app"), {
    file: "src/ab.mjs",
    line: 3,
  });
  const bun = "Error: Bad\n    at read (/app/data.ts:12:3)";
  assertEquals(placeOf(failing("Error: Component", "Component", failing(bun)), "/app"), {
    file: "data.ts",
    line: 12,
  });
});

Deno.test("a library's calls and another folder's are not the place", () => {
  const stack =
    "Error\n    at a (/app/node_modules/x/i.js:1:1)\n    at b (/apple/c.ts:2:2)\n    at c";
  assertEquals(placeOf(failing(stack), "/app"), null);
  assertEquals(placeOf("text", "/app"), null);
});

Deno.test("what does not parse, and what is refused, tell the place in their text", () => {
  const message = "Unexpected token at file:///app/draw.ts?baton=1-2:3:5";
  assertEquals(placeOf(failing(`SyntaxError: ${message}`, message), "/app")?.file, "draw.ts");
  const node = "file:///app/draw.mjs:4\nexport const = 1\nSyntaxError: Unexpected token";
  assertEquals(placeOf(failing(node), "/app"), { file: "draw.mjs", line: 4 });
  const refused = 'Cannot reload in place: "/app/main.ts", line 2 imports "./draw.ts" as well';
  assertEquals(placeOf(failing("Error", refused), "/app"), { file: "main.ts", line: 2 });
  const changed = 'Cannot reload in place: the class "K" of "/app/draw.ts" has changed';
  assertEquals(placeOf(failing("Error", changed), "/app"), { file: "draw.ts" });
});
