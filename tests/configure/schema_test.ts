import { assert, assertEquals } from "@std/assert";
import { exitsTable, optionsTable } from "../../lib/configure/tables.ts";
import { help } from "../../lib/configure/help.ts";
import { jsonSchema } from "../../lib/configure/json_schema.ts";
import { KEY_OPTIONS, LINE_OPTIONS, SHORTHANDS } from "../../lib/configure/options.ts";
import { EXIT } from "../../lib/errors.ts";
import { DEFAULTS } from "../../lib/settings.ts";

Deno.test("every setting with a default has one key", () => {
  assertEquals(KEY_OPTIONS.map(({ setting }) => setting).sort(), Object.keys(DEFAULTS).sort());
});

Deno.test("no letter and no name means two things", () => {
  const options = [...KEY_OPTIONS, ...LINE_OPTIONS];
  const letters = options.flatMap(({ letter }) => letter ?? [])
    .concat(Object.values(SHORTHANDS).map(({ letter }) => letter));
  const names = options.map(({ name }) => name).concat(Object.keys(SHORTHANDS));
  assertEquals(letters.length, new Set(letters).size);
  assertEquals(names.length, new Set(names).size);
});

Deno.test("help names every option, command and status, and fits a terminal of 100 columns", () => {
  const text = help();
  for (const { name } of [...KEY_OPTIONS, ...LINE_OPTIONS]) assert(text.includes(name), name);
  for (const status of Object.values(EXIT)) assert(text.includes(`\n  ${status} `), `${status}`);
  for (const line of text.split("\n")) assert(line.length <= 100, line);
});

Deno.test("the tables have a row for every option and status, and cells that hold", () => {
  const rows = (table: string) => table.split("\n").slice(2);
  const options = KEY_OPTIONS.length + LINE_OPTIONS.length + Object.keys(SHORTHANDS).length;
  assertEquals(rows(optionsTable()).length, options);
  assertEquals(rows(exitsTable()).length, Object.keys(EXIT).length + 1);
  for (const row of rows(optionsTable())) {
    assertEquals(row.replaceAll("\\|", "").split("|").length, 6, row);
  }
});

Deno.test("the JSON Schema describes every key and refuses others", () => {
  const { properties, additionalProperties } = jsonSchema() as {
    properties: Record<string, { description?: string; default?: unknown }>;
    additionalProperties: boolean;
  };
  assertEquals(additionalProperties, false);
  assertEquals(Object.keys(properties), [
    "$schema",
    "command",
    ...KEY_OPTIONS.map(({ key }) => key),
  ]);
  for (const [key, { description }] of Object.entries(properties)) assert(description, key);
  assertEquals(properties.settle!.default, "50ms");
});
