import { type ControlCommand, controlHelp } from "../configure/control_commands.ts";
import { BatonError, EXIT } from "../errors.ts";
import type { Caller } from "../platform/caller.ts";
import { plain } from "../report/control.ts";
import { duration } from "../report/quantity.ts";
import type { Verdict } from "./answers.ts";
import { type ControlArguments, durationIn, readArguments } from "./arguments.ts";
import type { ControlClient } from "./client.ts";
import { connectToBaton } from "./connect.ts";
import { WAIT_MS } from "./protocol.ts";
import { statusText } from "./status_text.ts";
import { releasedText, rewoundText, waitedText } from "./verdict_text.ts";
import {
  COMING_MS,
  type NextBaton,
  onceGone,
  verdictOf,
  type WaitedFor,
  waitForVerdict,
} from "./waiting.ts";

/** What a command prints, and the exit status of it. */
interface Outcome {
  readonly text: string;
  readonly status: number;
}

type Doing = (
  baton: ControlClient,
  args: ControlArguments,
  next: NextBaton,
) => Promise<Outcome>;
type Said = Exclude<ControlCommand, "mcp">;

/** Says a command to the baton that runs here; resolves with the exit status. Throws `BatonError`. */
export async function control(
  caller: Caller,
  command: ControlCommand,
  args: readonly string[],
  stateDir: string | null = null,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    caller.writeOut(controlHelp(command));
    return EXIT.stopped;
  }
  const read = readArguments(command, args);
  const dir = read.given["state-dir"] ?? stateDir;
  if (command === "mcp") {
    const { serveMcp } = await import("./mcp.ts");
    await serveMcp(caller, dir);
    return EXIT.stopped;
  }
  let baton = await connectToBaton(caller, dir, command === "wait" ? COMING_MS : 0);
  const connect = async (patienceMs: number) =>
    baton = await connectToBaton(caller, dir, patienceMs);
  try {
    const { text, status } = await DOINGS[command](baton, read, { clock: caller.clock, connect });
    if (text !== "") caller.writeOut(plain(`${text}\n`));
    return status;
  } finally {
    baton.close();
  }
}

const DOINGS: Readonly<Record<Said, Doing>> = {
  async status(baton, { given }) {
    const status = await baton.ask("status", {});
    return done(given.json === undefined ? statusText(status) : JSON.stringify(status));
  },
  async wait(baton, args, next) {
    const timeoutMs = timeoutIn(args);
    const waited = await waitForVerdict(next, timeoutMs, () => verdictOf(baton, timeoutMs));
    const { verdict, restarted } = waited;
    return verdictOutcome(args, { ...verdict, ...restarted ? { restarted } : {} }, waited);
  },
  async hold(baton, args) {
    const forMs = durationIn(args, "for");
    const { name, leftMs } = await baton.ask("hold", {
      ...nameOf(args),
      ...forMs === null ? {} : { forMs },
    });
    const rest = leftMs === null ? "" : `, ${duration(leftMs)} at most`;
    return done(`Held by "${name}"${rest}: changes wait until "baton release${nameIn(args)}"`);
  },
  async release(baton, args, next) {
    const wait = args.given.wait !== undefined;
    const timeoutMs = timeoutIn(args);
    const released = await baton.ask("release", { ...nameOf(args), wait, timeoutMs });
    const { verdict } = released;
    if (verdict !== null) {
      const waited = await waitForVerdict(next, timeoutMs, () => onceGone(baton, verdict));
      return verdictOutcome(args, { ...released, ...waited }, waited, releasedText(released));
    }
    return done(args.given.json === undefined ? releasedText(released) : JSON.stringify(released));
  },
  async restart(baton) {
    await baton.ask("restart", {});
    return done("");
  },
  async rewind(baton, { name, given }) {
    if (name !== null && !/^[1-9]\d{0,4}$/.test(name)) {
      throw new BatonError({
        what: `Cannot go back to "${name}": expected a number from 1`,
        where: "command line",
        next: 'Write "baton rewind 2" for the last state but one; "baton state" lists them',
      });
    }
    const back = name === null ? null : Number(name);
    const rewound = await baton.ask("rewind", { back, files: given.files !== undefined });
    return done(given.json === undefined ? rewoundText(rewound) : JSON.stringify(rewound));
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

/** By outcome: 0 where the files run, 1 where they failed, 3 where that is not known. */
function verdictOutcome(
  { given }: ControlArguments,
  answer: object,
  { verdict, restarted }: WaitedFor,
  before = "",
): Outcome {
  const text = given.json === undefined
    ? [before, waitedText(verdict, restarted)].filter((part) => part !== "").join("\n")
    : JSON.stringify(answer);
  return { text, status: STATUS_BY_OUTCOME[verdict.outcome] };
}

const NOT_KNOWN = 3;
const STATUS_BY_OUTCOME: Readonly<Record<Verdict["outcome"], number>> = {
  ready: EXIT.stopped,
  ended: EXIT.stopped,
  failed: 1,
  changed: NOT_KNOWN,
  held: NOT_KNOWN,
  late: NOT_KNOWN,
  stopped: NOT_KNOWN,
};

function timeoutIn(args: ControlArguments): number {
  return durationIn(args, "timeout") ?? WAIT_MS;
}

function nameOf({ name }: ControlArguments): { name?: string } {
  return name === null ? {} : { name };
}

function nameIn({ name }: ControlArguments): string {
  return name === null ? "" : ` ${name}`;
}

function done(text: string): Outcome {
  return { text, status: EXIT.stopped };
}
