import { CONTROL_COMMANDS, type ControlCommand } from "../configure/control_commands.ts";
import { EXIT } from "../errors.ts";
import type { Caller } from "../platform/caller.ts";
import { withoutControl } from "../report/control.ts";
import { type ControlArguments, readArguments } from "./arguments.ts";
import type { ControlClient } from "./client.ts";
import { connectToBaton } from "./connect.ts";
import { statusText } from "./status_text.ts";

/** What a command prints, and the exit status of it. */
interface Outcome {
  readonly text: string;
  readonly status: number;
}

type Doing = (baton: ControlClient, args: ControlArguments) => Promise<Outcome>;

/** Says a command to the baton that runs here; resolves with the exit status. Throws `BatonError`. */
export async function control(
  caller: Caller,
  command: ControlCommand,
  args: readonly string[],
  stateDir: string | null = null,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    caller.writeOut(usageOf(command));
    return EXIT.stopped;
  }
  const read = readArguments(command, args);
  const baton = await connectToBaton(caller, read.given["state-dir"] ?? stateDir);
  try {
    const { text, status } = await DOINGS[command](baton, read);
    if (text !== "") caller.writeOut(withoutControl(`${text}\n`));
    return status;
  } finally {
    baton.close();
  }
}

const DOINGS: Readonly<Record<ControlCommand, Doing>> = {
  async status(baton, { given }) {
    const status = await baton.ask("status", {});
    return done(given.json === undefined ? statusText(status) : JSON.stringify(status));
  },
  async restart(baton) {
    await baton.ask("restart", {});
    return done("");
  },
  async logs(baton, { given }) {
    const asked = given.lines === undefined ? {} : { lines: Number(given.lines) };
    const { lines } = await baton.ask("logs", asked);
    return done(lines.join("\n"));
  },
  async stop(baton) {
    await baton.ask("stop", {});
    await baton.closed;
    return done("");
  },
};

function done(text: string): Outcome {
  return { text, status: EXIT.stopped };
}

function usageOf(command: ControlCommand): string {
  const { operand, description } = CONTROL_COMMANDS[command];
  return `${description}.\n\nUsage: baton ${`${command} ${operand}`.trim()} [--state-dir FOLDER]\n`;
}
