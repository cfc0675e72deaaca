import { EXITS } from "./exits.ts";
import { KEY_OPTIONS, type KeyOption, LINE_OPTIONS, type Option, SHORTHANDS } from "./options.ts";
import { asListed, defaultText, usageOf } from "./usage.ts";

/** A Markdown table, its columns padded as `deno fmt` leaves them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[], fill: string) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(" | ")} |`;
  const [title, ...body] = cells.map((row) => line(row, " "));
  return [title, line(head.map(() => ""), "-"), ...body].join("\n");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

function row(option: Option): string[] {
  const { key = "" } = option as Partial<KeyOption>;
  const listed = asListed(option);
  return [code(usageOf(listed)), code(key), code(defaultText(option)), listed.description];
}

/** Every option as a Markdown table. */
export function optionsTable(): string {
  const shorthands = Object.entries(SHORTHANDS).map(([name, { letter, stands, description }]) => [
    code(`-${letter}, --${name}`),
    "",
    "",
    `${description}: ${code(stands)}`,
  ]);
  return table(["option", "key", "default", "what it does"], [
    ...KEY_OPTIONS.map(row),
    ...shorthands,
    ...LINE_OPTIONS.map(row),
  ]);
}

/** Every exit status as a Markdown table. */
export function exitsTable(): string {
  return table(["status", "meaning"], EXITS.map(({ status, meaning }) => [status, meaning]));
}
