import { assertEquals } from "@std/assert";
import { Tail } from "../../lib/act/tail.ts";

function tailOf(...chunks: (string | Uint8Array)[]): string[] {
  const tail = new Tail();
  for (const chunk of chunks) {
    tail.push(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  }
  return tail.lines();
}

Deno.test("lines are put together from chunks, and characters from bytes", () => {
  const [first, second] = new TextEncoder().encode("é");
  assertEquals(tailOf("one\r\ntw", "o\nthr", "ee"), ["one", "two", "three"]);
  assertEquals(tailOf(new Uint8Array([first!]), new Uint8Array([second!])), ["é"]);
  assertEquals(tailOf(), []);
});

Deno.test("the last 20 are kept, and of an endless line its beginning and its end", () => {
  const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  assertEquals(tailOf(lines.join("\n") + "\n"), lines.slice(-20));
  const [endless] = tailOf("begin", "x".repeat(100_000), "x".repeat(3_000), "end");
  assertEquals(endless, `begin${"x".repeat(995)}…${"x".repeat(997)}end`);
  assertEquals(tailOf("/p/a.js:1\nvar a", "x".repeat(100_000), "\r\nSyntaxError: no\n"), [
    ...[
      "/p/a.js:1",
      `var a${"x".repeat(995)}…${"x".repeat(999)}\r`.slice(0, -1),
      "SyntaxError: no",
    ],
  ]);
});
