/** What follows an option of a command that talks to a running baton. */
export type ControlTakes = "nothing" | "duration" | "count" | "text";

/** The options of these commands, by name. */
export const CONTROL_OPTIONS = {
  json: { takes: "nothing" },
  wait: { takes: "nothing" },
  files: { takes: "nothing" },
  timeout: { takes: "duration", metavar: "DURATION" },
  for: { takes: "duration", metavar: "DURATION" },
  lines: { takes: "count", metavar: "NUMBER", letter: "n" },
  "state-dir": { takes: "text", metavar: "FOLDER" },
} as const satisfies Readonly<
  Record<string, { takes: ControlTakes; metavar?: string; letter?: string }>
>;
export type ControlOption = keyof typeof CONTROL_OPTIONS;

/** What such a command takes, and what it does. */
export interface ControlCommandDefinition {
  /** As help shows it. */
  readonly operand: string;
  /** Whether a name may follow. */
  readonly named: boolean;
  readonly options: readonly ControlOption[];
  readonly description: string;
}

/** Commands that talk to the baton that runs in this folder, or in one above it. */
export const CONTROL_COMMANDS = {
  status: {
    operand: "[--json]",
    named: false,
    options: ["json"],
    description: "Tell what runs, and whether from the files as they are",
  },
  wait: {
    operand: "[--timeout 30s]",
    named: false,
    options: ["timeout", "json"],
    description: "Tell what became of the files as they are now",
  },
  hold: {
    operand: "[NAME] [--for 60s]",
    named: true,
    options: ["for"],
    description: "Note changes, and start nothing",
  },
  release: {
    operand: "[NAME] [--wait]",
    named: true,
    options: ["wait", "timeout", "json"],
    description: "End a hold: what has changed since is one change",
  },
  restart: {
    operand: "",
    named: false,
    options: [],
    description: "Hand over to a new generation without a change",
  },
  logs: {
    operand: "[-n NUMBER]",
    named: false,
    options: ["lines"],
    description: "Print the last lines of baton and of the program",
  },
  rewind: {
    operand: "[N] [--files]",
    named: true,
    options: ["files", "json"],
    description: "Go back to the state of these files, or the last good one",
  },
  mcp: {
    operand: "",
    named: false,
    options: [],
    description: "The same for an agent: Model Context Protocol",
  },
  stop: {
    operand: "",
    named: false,
    options: [],
    description: "Stop the program, and baton",
  },
} as const satisfies Readonly<Record<string, ControlCommandDefinition>>;
export type ControlCommand = keyof typeof CONTROL_COMMANDS;

/** Whether a word names such a command. */
export function isControlCommand(word: string | undefined): word is ControlCommand {
  return word !== undefined && Object.hasOwn(CONTROL_COMMANDS, word);
}

/** What `baton COMMAND --help` prints. */
export function controlHelp(command: ControlCommand): string {
  const { operand, description } = CONTROL_COMMANDS[command];
  return `${description}.\n\nUsage: baton ${`${command} ${operand}`.trim()} [--state-dir FOLDER]\n`;
}
