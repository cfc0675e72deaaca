import { assertEquals, assertThrows } from "@std/assert";
import { between, renderOptions } from "../../tools/docs_configure.ts";

Deno.test("a table replaces what is between its markers, and nothing else", () => {
  const page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb <!-- y:end -->\n";
  const made = "a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb <!-- y:end -->\n";
  assertEquals(between(page, "x", "new"), made);
  assertEquals(between(made, "x", "new"), made);
});

Deno.test("a page without its markers is refused", () => {
  assertThrows(() => between("<!-- x:end --><!-- x:begin -->", "x", "new"), Error, "x:begin");
});

Deno.test("the page of the options is up to date", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/options.md", import.meta.url));
  assertEquals(renderOptions(page), page);
});
