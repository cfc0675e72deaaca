/**
 * Makes `docs/protocol.schema.json`, and the reference inside `docs/protocol.md`, from the zod schemas,
 * its examples from the transcripts in `tests/wire/`.
 * With `--check` it writes nothing and fails where they are not up to date.
 */
import * as z from "zod";
import { CAPABILITIES, messages } from "../lib/protocol/message.ts";
import { table } from "./markdown_table.ts";
import { conversation, EXAMPLES } from "./protocol_examples.ts";
import { writeGenerated } from "./write_generated.ts";

const { fromBaton, fromProgram } = messages();

/** What of JSON Schema the messages use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

type Messages = Readonly<Record<string, z.ZodType>>;

/** `docs/protocol.schema.json`. */
export function renderJsonSchema(): string {
  const sides = [["program", fromProgram], ["baton", fromBaton]] as const;
  const named = sides.flatMap(([side, messages]) =>
    Object.entries(messages).map(([type, schema]) => [`${side}.${type}`, jsonSchema(schema)])
  );
  const refs = (side: string, messages: Messages) =>
    Object.keys(messages).map((type) => ({ $ref: `#/$defs/${side}.${type}` }));
  const whole = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A line on baton's pipe",
    anyOf: sides.map(([side, messages]) => ({
      title: `From ${side === "baton" ? "baton" : "the program"}`,
      oneOf: refs(side, messages),
    })),
    $defs: Object.fromEntries(named),
  };
  return JSON.stringify(whole, null, 2) + "\n";
}

/** `docs/protocol.md` with each generated part made anew between its two markers. */
export function renderPage(page: string): string {
  const parts: Record<string, string> = {
    capabilities: table(
      ["capability", "it says"],
      Object.entries(CAPABILITIES).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
    "a handoff": [1, 2].map((generation) =>
      `Generation ${generation}:\n\n\`\`\`text\n${conversation(generation)}\n\`\`\``
    ).join("\n\n"),
    "from the program": reference(fromProgram, EXAMPLES.fromProgram),
    "from baton": reference(fromBaton, EXAMPLES.fromBaton),
  };
  return inPage(page, "docs/protocol.md", parts);
}

/** A page with these parts between their two markers. */
export function inPage(
  page: string,
  name: string,
  parts: Readonly<Record<string, string>>,
): string {
  return Object.entries(parts).reduce((text, [part, content]) => {
    const begin = `<!-- generated: ${part} -->`;
    const end = `<!-- end: ${part} -->`;
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from === -1 || to < from) throw new Error(`No "${begin}" … "${end}" in ${name}`);
    return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
  }, page);
}

function reference(messages: Messages, examples: Readonly<Record<string, unknown>>): string {
  return Object.entries(messages).map(([type, message]) => {
    const schema = jsonSchema(message);
    const example = `\`\`\`jsonl\n${JSON.stringify(examples[type])}\n\`\`\``;
    const rows = fields(schema);
    const parts = [`### \`${type}\``, `${schema.description}.`, example];
    if (rows.length > 0) parts.push(table(["field", "type", "meaning"], rows));
    return parts.join("\n\n");
  }).join("\n\n");
}

/** The rows of a table of a message's fields. */
export function fields(schema: Schema, prefix = ""): string[][] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).filter(([name]) => name !== "type").flatMap(([name, field]) => {
    const optional = required.includes(name)
      ? ""
      : field.default === undefined
      ? "May be absent. "
      : `Default \`${JSON.stringify(field.default)}\`. `;
    const row = [`\`${prefix}${name}\``, typeOf(field), optional + (field.description ?? "")];
    return [row, ...fields(field.items ?? {}, `${prefix}${name}[].`)];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(" or ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.type === "array") return `array of ${typeOf(schema.items ?? {})}`;
  return [schema.type ?? "any"].flat().join(" or ");
}

/** As it is written on the wire. */
export function jsonSchema(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest as Schema;
}

if (import.meta.main) {
  const page = new URL("../docs/protocol.md", import.meta.url);
  const current = Deno.readTextFileSync(page);
  writeGenerated([
    [page, renderPage(current)],
    [new URL("../docs/protocol.schema.json", import.meta.url), renderJsonSchema()],
  ]);
}
