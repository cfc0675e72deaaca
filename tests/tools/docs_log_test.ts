import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { LOG_LINES } from "../../lib/report/log_schema.ts";
import { renderLogPage, renderLogSchema } from "../../tools/docs_log.ts";

const MARKERS =
  "<!-- lines:begin -->\n<!-- lines:end -->\n<!-- shapes:begin -->\n<!-- shapes:end -->\n";

function readDocs(name: string): string {
  return Deno.readTextFileSync(new URL(`../../docs/${name}`, import.meta.url));
}

Deno.test("the page and the JSON Schema of the log are up to date", () => {
  assertEquals(renderLogPage(readDocs("log.md")), readDocs("log.md"));
  assertEquals(renderLogSchema(), readDocs("log.schema.json"));
});

Deno.test("every kind of line has a section with a literal line, and every shape one that is linked", () => {
  const page = renderLogPage(MARKERS);
  for (const type of Object.keys(LOG_LINES)) {
    assertStringIncludes(page, `### \`${type}\`\n`);
    assertStringIncludes(page, `"type":"${type}"`);
  }
  const linked = [...page.matchAll(/\]\(#(\w+)\)/g)].map(([, id]) => id);
  for (const id of linked) assertStringIncludes(page.toLowerCase(), `### ${id}\n`);
});

Deno.test("a page without the markers is refused", () => {
  assertThrows(() => renderLogPage("# The log\n"), Error, "lines:begin");
});
