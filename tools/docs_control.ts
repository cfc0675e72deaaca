/**
 * Makes `docs/control.schema.json`, and the reference inside `docs/control.md`, from the zod schemas. With
 * `--check` it writes nothing and fails where they are not up to date.
 */
import * as z from "zod";
import { controlMessages, type RequestName } from "../lib/control/messages.ts";
import { fields, inPage, jsonSchema } from "./docs_protocol.ts";
import { table } from "./markdown_table.ts";
import { writeGenerated } from "./write_generated.ts";

const { requests, answers, error } = controlMessages();
const NAMES = Object.keys(requests) as RequestName[];

const id = z.number().int().describe("That of the request");

/** `docs/control.schema.json`. */
export function renderControlSchema(): string {
  const lines = NAMES.flatMap((name) => [
    [`request.${name}`, z.object({ id, type: z.literal(name), ...requests[name].shape })] as const,
    [`answer.${name}`, z.object({ id, answer: answers[name] })] as const,
  ]);
  const all = [...lines, ["error", z.object({ id: id.nullable(), error })] as const];
  const whole = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A line on baton's control socket",
    anyOf: all.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(all.map(([name, schema]) => [name, jsonSchema(schema)])),
  };
  return JSON.stringify(whole, null, 2) + "\n";
}

/** `docs/control.md` with its reference made anew. */
export function renderControlPage(page: string): string {
  const parts = NAMES.map((name) => {
    const asked = jsonSchema(requests[name]);
    const answered = jsonSchema(answers[name]);
    const about = answered.description === undefined ? "" : ` ${answered.description}.`;
    const tables = [["Asked with", asked], ["Answered with", answered]] as const;
    return [
      `### \`${name}\``,
      `${asked.description}.${about}`,
      ...tables.flatMap(([title, schema]) => {
        const rows = fields(schema);
        return rows.length === 0 ? [] : [`${title}:`, table(["field", "type", "meaning"], rows)];
      }),
    ].join("\n\n");
  });
  return inPage(page, "docs/control.md", { requests: parts.join("\n\n") });
}

if (import.meta.main) {
  const page = new URL("../docs/control.md", import.meta.url);
  writeGenerated([
    [page, renderControlPage(Deno.readTextFileSync(page))],
    [new URL("../docs/control.schema.json", import.meta.url), renderControlSchema()],
  ]);
}
