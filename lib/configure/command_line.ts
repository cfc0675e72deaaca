import { parseArgs } from "@std/cli/parse-args";
import { check, type Source } from "./check.ts";
import { KEY_OPTIONS, type KeyOption, LINE_OPTIONS } from "./options.ts";
import type { Given } from "./schema.ts";
import { type Help, nameSubcommand, readSubcommand, type Subcommand } from "./subcommands.ts";
import { tokenize } from "./tokens.ts";

/** What was given on a command line. */
export interface Line {
  readonly given: Given;
  /** The file named by `--config`; null: look for one. */
  readonly config: string | null;
}

/** What baton was asked to do. */
export type Invocation =
  | Help
  | { readonly kind: "version" }
  | Line & { readonly kind: "run" }
  | Line & { readonly kind: "printConfig" }
  | Line & Subcommand;

/** Parsed options: a list where an option can be repeated. */
type Parsed = Readonly<Record<string, string | string[] | undefined>>;

const source: Source = {
  where: () => "command line",
  name(key) {
    const option = KEY_OPTIONS.find((each) => each.key === key);
    return option ? `--${option.name}` : "the command";
  },
};

function parse(options: readonly string[]): Parsed {
  const parsed: Parsed = parseArgs([...options], {
    string: [...KEY_OPTIONS, ...LINE_OPTIONS].map((option) => option.name),
    collect: KEY_OPTIONS.filter((option) => option.takes === "texts").map((option) => option.name),
  });
  return parsed;
}

/** What a file would hold for the text of an option. */
function written(option: KeyOption, value: string | string[]): unknown {
  if (option.takes === "number") return Number.isNaN(Number(value)) ? value : Number(value);
  const toggles = option.takes === "nothing" || option.takes === "interval";
  return toggles && (value === "true" || value === "false") ? value === "true" : value;
}

function keysOf(parsed: Parsed): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const option of KEY_OPTIONS) {
    const value = parsed[option.name];
    if (value !== undefined && value.length > 0) keys[option.key] = written(option, value);
  }
  return keys;
}

/** The words of a command are what they are: only one without a name is looked into. */
async function givenIn(keys: Record<string, unknown>, command: readonly string[]): Promise<Given> {
  if (command.length === 0) return check(keys, source);
  if (command[0] === "") return check({ ...keys, command }, source);
  return { ...await check(keys, source), command };
}

/**
 * Reads `baton [options] [--] command…` and `baton [options] subcommand [operands]`. Options end at the
 * first word that is none, so that `baton python -m app -v` gives `-v` to the program.
 *
 * Throws `BatonError` for what is unknown, incomplete or not allowed.
 */
export async function parseCommandLine(args: readonly string[]): Promise<Invocation> {
  const { options, rest, dashed } = tokenize(args);
  const named = dashed ? null : nameSubcommand(rest);
  const parsed = parse([...options, ...named?.options ?? []]);
  if (parsed["help"]) return { kind: "help", about: named?.kind ?? null };
  if (parsed["version"]) return { kind: "version" };

  const line: Line = {
    given: await givenIn(keysOf(parsed), named ? [] : rest),
    config: typeof parsed["config"] === "string" ? parsed["config"] : null,
  };
  if (parsed["print-config"]) return { kind: "printConfig", ...line };
  return named ? { ...line, ...readSubcommand(named) } : { kind: "run", ...line };
}
