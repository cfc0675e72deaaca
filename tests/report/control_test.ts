import { assertEquals } from "@std/assert";
import { escapedJson, plain, withoutControl } from "../../lib/report/control.ts";

const NASTY = "a\x1b]0;owned\x07\x9b31m\x7f\t\u202e\u2066b\nc";

Deno.test("what would control the terminal is left out of a text, and line ends and tabs are not", () => {
  assertEquals(withoutControl(NASTY), "a]0;owned31m\tb\nc");
});

Deno.test("JSON has no control character in it, and says the same", () => {
  const text = escapedJson({ [NASTY]: NASTY });
  assertEquals(text, withoutControl(text));
  assertEquals(JSON.parse(text), { [NASTY]: NASTY });
});

Deno.test("colors and other sequences are left out as a whole", () => {
  const nasty =
    "\x1b[31m\x1b[1mred\x1b[0m \x1b]0;owned\x07a\x1b]8;;http://x\x1b\\link\x1b(B\x1bM\x1b[?25l!\x1b";
  assertEquals(plain(nasty), "red alink!");
});
