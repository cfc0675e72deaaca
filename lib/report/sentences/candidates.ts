/** Sentences about a generation that boots beside the live one. */
import type { ItemOf } from "../item.ts";
import type { Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { asEnd, exitOf } from "../words.ts";

type Failed = ItemOf<"candidate failed">;

function reasonOf({ mode, why, status, uptimeMs, detail }: Failed): string {
  if (why === "spawn-failed") return asEnd(detail);
  if (why === "exited" && status !== null) return `${exitOf(status)} after ${duration(uptimeMs)}`;
  const missing = mode === "swapped" ? "no answer on its port" : "not at the barrier";
  return `${missing} after ${duration(uptimeMs)}`;
}

const LONGER = 'Save a fix to try again, or give it longer with "--boot-timeout"; one that ';
const WAITS = 'waits for what the live one holds (a lock) needs "--handoff sequential"';
const NEXT_LATE = `${LONGER}calls "restore" no more, or ${WAITS.replace(")", "),")}`;

/**
 * How a program says that another holds what only one can: a port (in C's words, by its name, in Deno's and in
 * Go's), a lock, a device, a database, the port of an inspector.
 */
const IS_HELD = [
  /address (is )?already in use|EADDRINUSE|AddrInUse|Starting inspector .* failed/i,
  /resource temporarily unavailable|BlockingIOError|EAGAIN|EWOULDBLOCK|WouldBlock/i,
  /device or resource busy|resource busy|EBUSY|already (locked|running)|is locked/i,
  /(acquire|get|obtain|take) .*\block\b|\block\b.* (held|owned|taken) by/i,
];

/** It never came as far as to hold anything: go names the package that it could not build, cargo the crate. */
const IS_NOT_RUN =
  /SyntaxError|IndentationError|ModuleNotFoundError|Cannot find module|^# [\w.\/-]+$|^error: could not compile/;

const ONLY_ONE =
  'Bind the port after "restore" (take a lock, a device, an inspector\'s port there, too), ' +
  'join with "exclusive", or use "--handoff sequential"';

/** For one that knows of no barrier. */
const ONLY_ONE_SWAPPED = 'Use "--handoff sequential"';

function nextOf({ mode, live, why, lines }: Failed, interactive: boolean): string {
  const isSwapped = mode === "swapped";
  if (why === "late") return isSwapped ? `${LONGER}${WAITS}` : NEXT_LATE;
  if (why === "spawn-failed" || live === null || mode === "built") return "Save a fix to try again";
  const means = isSwapped ? ONLY_ONE_SWAPPED : ONLY_ONE;
  const onlyOne = interactive ? `${means}; r hands over in sequence` : means;
  if (lines.some((line) => IS_HELD.some((pattern) => pattern.test(line)))) return onlyOne;
  return lines.some((line) => IS_NOT_RUN.test(line))
    ? "Save a fix to try again"
    : `Save a fix to try again. Where two cannot run at once: ${
      isSwapped ? onlyOne.replace("Use", "use") : onlyOne
    }`;
}

export const candidates: Sentences<
  | "slow"
  | "held up"
  | "in sequence"
  | "handoff refused"
  | "candidate failed"
  | "candidate outdated"
  | "reverted"
  | "not overlapped"
> = {
  slow: ({ generation, live, uptimeMs, limitMs }) => [{
    weight: "news",
    what: limitMs === null
      ? `Generation ${generation} is still being built, for ${
        duration(uptimeMs)
      } now; generation ${live} goes on serving`
      : `Generation ${generation} still boots, for ${duration(uptimeMs)} now, ${
        duration(limitMs)
      } at most; generation ${live} goes on serving`,
  }],
  "held up": ({ generation, limitMs }) => [{
    weight: "news",
    what: `The next version waits until the requests to generation ${generation} have ended, ${
      duration(limitMs)
    } at most`,
  }],
  "in sequence": ({ generation, why }) => [{
    weight: "news",
    what: `Generation ${generation} cannot run beside another: ${why}; handed over in sequence`,
    next: why.includes("listens")
      ? 'Bind the port after "restore", and the next one boots while it serves'
      : undefined,
  }],
  "handoff refused": ({ generation, why, afterMs }) => [
    afterMs === null
      ? {
        weight: "error",
        what: `Generation ${generation} cannot save: ${asEnd(why)}; it goes on serving`,
        next:
          'Save again once it can; "r" (with "--interactive"), or a new start of baton, goes on without that state',
      }
      : {
        weight: "error",
        what: `Generation ${generation} gave no answer in ${
          duration(afterMs)
        } when it was to save; it is left alone`,
        next: "Let it go on where it is halted in a debugger; where it hangs, save again to end it",
      },
  ],
  "candidate failed": (failed, { onTerminal, interactive }) => {
    const { generation, live, why, lines, folded } = failed;
    const after = live === null
      ? "the next one is started once the old one is gone"
      : `generation ${live} goes on serving`;
    const seeAbove = onTerminal && why === "exited" ? " (see above)" : "";
    return [{
      weight: folded ? "detail" : "error",
      what: `Generation ${generation} did not come up: ${reasonOf(failed)}${seeAbove}; ${after}`,
      // What was not started has said nothing.
      lines: onTerminal || why === "spawn-failed" ? [] : lines,
      next: nextOf(failed, interactive),
    }];
  },
  "candidate outdated": ({ generation }) => [{
    weight: "detail",
    what: `Generation ${generation} was outdated by newer files before it took over`,
  }],
  "reverted": ({ generation }) => [{
    weight: "news",
    what: `The files are again what generation ${generation} was started from; it goes on`,
  }],
  "not overlapped": ({ generation, why }) => [{
    weight: "error",
    what: `Cannot boot the next beside generation ${generation}: ${why}; handed over sequentially`,
    next: 'Let it call "restore" of a client, or use "--handoff sequential"',
  }],
};
