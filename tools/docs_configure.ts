/**
 * Writes what is said of the configuration outside the code, from its schema: the tables between markers
 * in docs/options.md, and docs/baton.schema.json for editors. With `--check`: fails where they are not up
 * to date.
 */
import { jsonSchema } from "../lib/configure/json_schema.ts";
import { exitsTable, optionsTable } from "../lib/configure/tables.ts";
import { writeGenerated } from "./write_generated.ts";

/** The page with a table put between `<!-- name:begin -->` and `<!-- name:end -->`. */
export function between(page: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The page lacks "${begin}" … "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}

/** The page of the options with its tables made anew. */
export function renderOptions(page: string): string {
  return between(between(page, "options", optionsTable()), "exits", exitsTable());
}

if (import.meta.main) {
  const options = new URL("../docs/options.md", import.meta.url);
  writeGenerated([
    [options, renderOptions(Deno.readTextFileSync(options))],
    [
      new URL("../docs/baton.schema.json", import.meta.url),
      `${JSON.stringify(jsonSchema(), null, 2)}\n`,
    ],
  ]);
}
