import { assertEquals, assertThrows } from "@std/assert";
import { messages } from "../../lib/protocol/message.ts";
import { renderJsonSchema, renderPage } from "../../tools/docs_protocol.ts";
import { EXAMPLES } from "../../tools/protocol_examples.ts";

const docs = new URL("../../docs/", import.meta.url);

const { fromBaton, fromProgram } = messages();

Deno.test("docs: the protocol page and its JSON Schema are up to date", () => {
  const page = Deno.readTextFileSync(new URL("protocol.md", docs));
  assertEquals(page, renderPage(page));
  assertEquals(Deno.readTextFileSync(new URL("protocol.schema.json", docs)), renderJsonSchema());
});

Deno.test("docs: every example on the protocol page fits its schema", () => {
  for (const [type, schema] of Object.entries(fromProgram)) {
    const example = EXAMPLES.fromProgram[type as keyof typeof fromProgram];
    assertEquals(schema.parse(example), example);
  }
  for (const [type, schema] of Object.entries(fromBaton)) {
    const example = EXAMPLES.fromBaton[type as keyof typeof fromBaton];
    assertEquals(schema.parse(example), example);
  }
});

Deno.test("docs: a page without its markers is refused", () => {
  assertThrows(() => renderPage("# The pipe"), Error, "generated: capabilities");
});
