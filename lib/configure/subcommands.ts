import { BatonError } from "../errors.ts";
import { CONTROL_COMMANDS, type ControlCommand, isControlCommand } from "./control_commands.ts";
import { nearest } from "./nearest.ts";
import { type Option, optionNamed, OPTIONS } from "./options.ts";
import { tokenize } from "./tokens.ts";

/** The shells that completions are written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = typeof SHELLS[number];

/** Subcommands: the operands they take, and what they do. */
export const SUBCOMMANDS = {
  help: { operand: "[COMMAND|OPTION]", description: "Show this help, or that of one of these" },
  init: { operand: "", description: "Write a commented baton.jsonc for the project found here" },
  state: { operand: "", description: "Show the kept states" },
  schema: { operand: "", description: "Print the JSON Schema of the configuration" },
  completions: { operand: SHELLS.join("|"), description: "Print completions for a shell" },
  timeline: { operand: "[FILE]", description: "Write the last restarts as a Chrome trace" },
  ...CONTROL_COMMANDS,
} as const;

export type SubcommandName = keyof typeof SUBCOMMANDS;

export type Subcommand =
  | Help
  | { readonly kind: "init" | "state" | "schema" }
  | { readonly kind: "completions"; readonly shell: Shell }
  | { readonly kind: "timeline"; readonly file: string | null }
  /** To be said to a running baton; `args` are read where that is done. */
  | {
    readonly kind: "control";
    readonly command: ControlCommand;
    readonly args: readonly string[];
  };

/** Help, with all that there is (null), with one command, or with one option. */
export interface Help {
  readonly kind: "help";
  readonly about: SubcommandName | Option | null;
}

/** A subcommand and what stands after it, not yet checked. */
export interface Named {
  readonly kind: SubcommandName;
  readonly operands: readonly string[];
  readonly options: readonly string[];
}

function isSubcommand(word: string | undefined): word is SubcommandName {
  return word !== undefined && Object.hasOwn(SUBCOMMANDS, word);
}

/** The subcommand that the words begin with; null where they are a command. */
export function nameSubcommand([kind, ...args]: readonly string[]): Named | null {
  if (!isSubcommand(kind)) return null;
  if (isControlCommand(kind) || kind === "help") return { kind, operands: args, options: [] };
  const operands: string[] = [];
  const options: string[] = [];
  let tokens = tokenize(args);
  while (true) {
    options.push(...tokens.options);
    if (tokens.dashed || tokens.rest.length === 0) {
      return { kind, operands: [...operands, ...tokens.rest], options };
    }
    operands.push(tokens.rest[0]!);
    tokens = tokenize(tokens.rest.slice(1));
  }
}

function surplus(name: string, operand: string): BatonError {
  return new BatonError({
    what: `"${name}" does not take "${operand}"`,
    where: "command line",
    next: `For a program of this name write "baton -- ${name} …"`,
  });
}

function readShell(word: string | undefined): Shell {
  const shell = SHELLS.find((each) => each === word);
  if (shell) return shell;
  const meant = nearest(word ?? "", SHELLS) ?? SHELLS.join("|");
  throw new BatonError({
    what: word === undefined
      ? '"completions" lacks the name of a shell'
      : `Cannot write completions for "${word}": expected ${SHELLS.join(", ")}`,
    where: "command line",
    next: `Write "baton completions ${meant}"`,
  });
}

/** A command and an option may have one name: with dashes it is the option. */
function readAbout(word: string | undefined): Help["about"] {
  if (word === undefined || /^(--)?help$|^-h$/.test(word)) return null;
  if (isSubcommand(word)) return word;
  const option = optionNamed(word);
  if (option !== undefined) return option;
  const names = OPTIONS.map(({ name }) => name);
  const meant = nearest(word.replace(/^--?/, ""), [...Object.keys(SUBCOMMANDS), ...names]);
  throw new BatonError({
    what: `Cannot help with "${word}": baton has no such command or option`,
    where: "command line",
    next: `${meant ? `Did you mean "baton help ${meant}"? ` : ""}"baton help" lists them`,
  });
}

/** Throws `BatonError` for operands that the subcommand does not take. */
export function readSubcommand({ kind, operands }: Named): Subcommand {
  if (isControlCommand(kind)) return { kind: "control", command: kind, args: operands };
  const most = SUBCOMMANDS[kind].operand === "" ? 0 : 1;
  if (operands.length > most) throw surplus(kind, operands[most]!);
  if (kind === "completions") return { kind, shell: readShell(operands[0]) };
  if (kind === "help") return { kind, about: readAbout(operands[0]) };
  if (kind === "timeline") return { kind, file: operands[0] ?? null };
  return { kind };
}
