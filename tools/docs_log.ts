/**
 * Makes `docs/log.schema.json`, and the reference inside `docs/log.md`, from the zod schemas of the log.
 * With `--check` it writes nothing and fails where they are not up to date.
 */
import * as z from "zod";
import type { Item } from "../lib/report/item.ts";
import { logLine } from "../lib/report/log.ts";
import { LOG_LINES } from "../lib/report/log_schema.ts";
import { between } from "./docs_configure.ts";
import { LOG_EXAMPLES } from "./log_examples.ts";
import { table } from "./markdown_table.ts";
import { writeGenerated } from "./write_generated.ts";

/** What of JSON Schema the log uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const HEAD = ["baton", "time", "type"];
const EXAMPLE_TIME = Date.UTC(2026, 0, 1);

function wholeSchema(): Schema {
  return z.toJSONSchema(z.union(Object.values(LOG_LINES)), { io: "output" }) as Schema;
}

/** `docs/log.schema.json`: a receiver is to expect more fields than those named. */
export function renderLogSchema(): string {
  const schema = { title: "A line of baton --log json", ...wholeSchema() };
  const open = (key: string, value: unknown) => key === "additionalProperties" ? undefined : value;
  return JSON.stringify(schema, open, 2) + "\n";
}

/** `docs/log.md` with its two generated parts made anew. */
export function renderLogPage(page: string): string {
  const { anyOf = [], $defs = {} } = wholeSchema();
  const types = Object.keys(LOG_LINES);
  const lines = anyOf.map((schema, index) => lineSection(types[index]!, schema)).join("\n\n");
  const shapes = Object.entries($defs).map(([id, schema]) => shapeSection(id, schema)).join("\n\n");
  return between(between(page, "lines", lines), "shapes", shapes);
}

function lineSection(type: string, schema: Schema): string {
  const item: Item = LOG_EXAMPLES[type.replace("-", " ") as Item["type"]];
  const example = `\`\`\`jsonl\n${logLine(item, EXAMPLE_TIME)}\n\`\`\``;
  const parts = [`### \`${type}\``, `${schema.description}.`, example];
  const rows = fields(schema).filter(([name]) => !HEAD.includes(name!.replaceAll("`", "")));
  if (rows.length > 0) parts.push(table(["field", "type", "meaning"], rows));
  return parts.join("\n\n");
}

function shapeSection(id: string, schema: Schema): string {
  const parts = [`### ${id}`];
  if (schema.description !== undefined) parts.push(`${schema.description}.`);
  for (const one of schema.oneOf ?? schema.anyOf ?? [schema]) {
    parts.push(
      one.properties ? table(["field", "type", "meaning"], fields(one)) : `Or ${typeOf(one)}.`,
    );
  }
  return parts.join("\n\n");
}

function fields({ properties = {}, required = [] }: Schema, prefix = ""): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const meaning = [required.includes(name) ? "" : "May be absent", field.description ?? ""];
    const row = [
      `\`${prefix}${name}\``,
      typeOf(field),
      meaning.filter((part) => part !== "").join(". "),
    ];
    const nested = field.items?.properties ? field.items : field;
    const inside = nested === field ? "." : "[].";
    return [row, ...fields(nested, `${prefix}${name}${inside}`)];
  });
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const id = schema.$ref.replace("#/$defs/", "");
    return `[${id}](#${id.toLowerCase()})`;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(" or ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map(typeOf).join(" or ");
  if (schema.type === "array") return `array of ${typeOf(schema.items ?? {})}`;
  if (schema.properties?.retryMs !== undefined) return "`{retryMs}`";
  return [schema.type ?? "any"].flat().join(" or ");
}

if (import.meta.main) {
  const page = new URL("../docs/log.md", import.meta.url);
  writeGenerated([
    [page, renderLogPage(Deno.readTextFileSync(page))],
    [new URL("../docs/log.schema.json", import.meta.url), renderLogSchema()],
  ]);
}
