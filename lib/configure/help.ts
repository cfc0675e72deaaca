import { EXITS } from "./exits.ts";
import { KEY_OPTIONS, LINE_OPTIONS, type Option, SHORTHANDS } from "./options.ts";
import { controlHelp, isControlCommand } from "./control_commands.ts";
import { type Help, SUBCOMMANDS } from "./subcommands.ts";
import { asListed, defaultText, usageOf } from "./usage.ts";

type Row = readonly [left: string, right: string];

function optionRow(option: Option): Row {
  const byDefault = defaultText(option);
  const notes = [
    option.takes === "texts" ? "repeatable" : "",
    byDefault && `default ${byDefault}`,
  ].filter((note) => note !== "").join(", ");
  const listed = asListed(option);
  return [usageOf(listed), `${listed.description}${notes && ` (${notes})`}`];
}

function section(title: string, rows: readonly Row[], width: number): string {
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  return [`${title}:`, ...lines, ""].join("\n");
}

/** What `baton help` prints, and with a command `baton COMMAND --help`. */
export function help(about: Help["about"] = null): string {
  if (about === null || about === "help") return wholeHelp();
  if (typeof about !== "string") return optionHelp(about);
  if (isControlCommand(about)) return controlHelp(about);
  const { operand, description } = SUBCOMMANDS[about];
  return `${description}.\n\nUsage: baton ${`${about} ${operand}`.trim()} [options]\n`;
}

/** One option: what it does, how it is written, and its key in a file. */
function optionHelp(option: Option): string {
  const [left, right] = optionRow(option);
  const key = "key" in option ? `In a file:  "${option.key}"\n` : "";
  return `${right}.\n\nUsage:      baton ${left.replace(/^-\w, /, "")} …\n${key}`;
}

function wholeHelp(): string {
  const groups = Object.entries(Object.groupBy(KEY_OPTIONS, (option) => option.group))
    .map(([title, options = []]) => [title, options.map(optionRow)] as const);
  const shorthands = Object.entries(SHORTHANDS)
    .map(([name, { letter, description }]): Row => [`-${letter}, --${name}`, description]);
  const commands = Object.entries(SUBCOMMANDS)
    .map(([name, { operand, description }]): Row => [`${name} ${operand}`.trim(), description]);
  const sections: (readonly [string, readonly Row[]])[] = [
    ...groups,
    ["Other", [...shorthands, ...LINE_OPTIONS.map(optionRow)]],
    ["Commands (after -- these are ordinary programs)", commands],
    ["Exit status", EXITS.map(({ status, meaning }): Row => [status, meaning])],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([left]) => left.length)));
  return [
    "Hands a running program over to its next version without losing what it knows.",
    "",
    "Usage: baton [options] [--] command [args…]",
    "       baton [options] (the command of baton.jsonc)",
    "",
    ...sections.map(([title, rows]) => section(title, rows, width)),
    "Durations read 30ms, 2s, 1m. The same keys in camelCase go into baton.json, baton.jsonc or",
    '"baton" in deno.json; the command line wins. --no-NAME turns a switch off again.',
    "",
  ].join("\n");
}
