import {
  CONTROL_COMMANDS,
  CONTROL_OPTIONS,
  type ControlCommand,
  type ControlCommandDefinition,
  type ControlOption,
} from "../configure/control_commands.ts";
import { parseDuration } from "../duration.ts";
import { BatonError } from "../errors.ts";

/** What follows the name of a command: a name of what it is about, and options by name. */
export interface ControlArguments {
  readonly name: string | null;
  readonly given: Readonly<Partial<Record<ControlOption, string>>>;
}

const NAME = /^[\w.@:-]{1,64}$/;

/** Reads what follows the name of a command. Throws `BatonError` for what it does not take. */
export function readArguments(command: ControlCommand, args: readonly string[]): ControlArguments {
  const { named, options }: ControlCommandDefinition = CONTROL_COMMANDS[command];
  const given: Partial<Record<ControlOption, string>> = {};
  let name: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const [written, attached] = split(args[at]!);
    const option = optionOf(written);
    if (option === null || option !== "state-dir" && !options.includes(option)) {
      if (written.startsWith("-") || !named || name !== null) {
        throw unknown(command, args[at]!, options);
      }
      name = readName(args[at]!);
    } else if (CONTROL_OPTIONS[option].takes === "nothing") {
      if (attached !== null) {
        throw wrong(`Option "${written}" takes no value`, `Write "${written}"`);
      }
      given[option] = "";
    } else {
      given[option] = readValue(option, written, attached ?? args[++at]);
    }
  }
  return { name, given };
}

/** Milliseconds of an option that is a duration; null where it was not given. */
export function durationIn({ given }: ControlArguments, option: ControlOption): number | null {
  const text = given[option];
  return text === undefined ? null : parseDuration(text);
}

function split(word: string): [written: string, attached: string | null] {
  const at = word.indexOf("=");
  return word.startsWith("--") && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, null];
}

function optionOf(written: string): ControlOption | null {
  const found = Object.entries(CONTROL_OPTIONS).find(([name, option]) =>
    written === `--${name}` || "letter" in option && written === `-${option.letter}`
  );
  return found === undefined ? null : found[0] as ControlOption;
}

function readName(word: string): string {
  if (NAME.test(word)) return word;
  throw wrong(
    `Cannot use ${JSON.stringify(word)} for a name`,
    "Name it with letters, digits and any of . _ @ : -, at most 64 of them",
  );
}

function readValue(option: ControlOption, written: string, value: string | undefined): string {
  const { takes, metavar = "" }: { takes: string; metavar?: string } = CONTROL_OPTIONS[option];
  if (value === undefined || value === "") {
    throw wrong(`Option "${written}" has no value`, `Write "${written} ${metavar}"`);
  }
  const isRight = takes === "duration"
    ? parseDuration(value) > 0
    : takes === "count"
    ? /^[1-9]\d{0,5}$/.test(value)
    : true;
  if (isRight) return value;
  const expected = takes === "duration"
    ? 'a duration such as "500ms", "30s" or "1m"'
    : "a number from 1";
  throw wrong(
    `Cannot use ${JSON.stringify(value)} for ${written}: expected ${expected}`,
    `Write it as in "${written} ${takes === "duration" ? "30s" : "50"}"`,
  );
}

function unknown(
  command: ControlCommand,
  word: string,
  options: readonly ControlOption[],
): BatonError {
  const taken = [...options, "state-dir"].map((name) => `--${name}`).join(", ");
  return wrong(`"${command}" does not take ${JSON.stringify(word)}`, `It takes ${taken}`);
}

function wrong(what: string, next: string): BatonError {
  return new BatonError({ what, where: "command line", next });
}
