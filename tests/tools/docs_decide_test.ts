import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COLUMNS, TABLE } from "../../lib/decide/table.ts";
import { renderStatesPage } from "../../tools/docs_decide.ts";

const page = Deno.readTextFileSync(new URL("../../docs/states.md", import.meta.url));

Deno.test("the page of the states is up to date, and has every event and every state", () => {
  assertEquals(renderStatesPage(page), page);
  for (const event of Object.keys(TABLE)) assertStringIncludes(page, `| \`${event}\``);
  for (const state of COLUMNS) assertStringIncludes(page, `| \`${state}\``);
});

Deno.test("a page without the markers is refused", () => {
  assertThrows(() => renderStatesPage("# States\n"), Error, "states:begin");
});
