import { EXITS } from "./exits.ts";
import { KEY_OPTIONS, type KeyOption, LINE_OPTIONS, type Option, SHORTHANDS } from "./options.ts";
import { asListed, defaultText, usageOf } from "./usage.ts";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

function row(option: Option): string[] {
  const { key = "", byDefault } = option as Partial<KeyOption>;
  const listed = asListed(option);
  return [code(usageOf(listed)), code(key), code(defaultText(byDefault)), listed.description];
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
