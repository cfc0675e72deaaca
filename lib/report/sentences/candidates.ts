/** Sentences about a generation that boots beside the live one. */
import type { ItemOf } from "../item.ts";
import type { Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { asEnd, exitOf } from "../words.ts";

type Failed = ItemOf<"candidate failed">;

function reasonOf({ why, status, uptimeMs, detail }: Failed): string {
  if (why === "spawn-failed") return asEnd(detail);
  if (why === "exited" && status !== null) return `${exitOf(status)} after ${duration(uptimeMs)}`;
  return `not at the barrier after ${duration(uptimeMs)}`;
}

const NEXT_LATE =
  'Save a fix to try again, or give it longer with "--boot-timeout"; one that calls ' +
  '"restore" no more needs "--handoff sequential"';

/** How a program says that a port is taken: in C's words, by its name, in Deno's and in Go's. */
const PORT_IS_TAKEN = /address (is )?already in use|EADDRINUSE|AddrInUse/i;

function nextOf({ live, why, lines }: Failed): string {
  if (why === "late") return NEXT_LATE;
  return live !== null && lines.some((line) => PORT_IS_TAKEN.test(line))
    ? 'Bind the port after "restore", or use "--handoff sequential"'
    : "Save a fix to try again";
}

export const candidates: Sentences<
  | "slow"
  | "handoff refused"
  | "candidate failed"
  | "candidate outdated"
  | "reverted"
  | "not overlapped"
> = {
  slow: ({ generation, live, uptimeMs, limitMs }) => [{
    weight: "news",
    what: `Generation ${generation} still boots, for ${duration(uptimeMs)} now, ${
      duration(limitMs)
    } at most; generation ${live} goes on serving`,
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
  "candidate failed": (failed, { onTerminal }) => {
    const { generation, live, why, lines } = failed;
    const after = live === null
      ? "the next one is started once the old one is gone"
      : `generation ${live} goes on serving`;
    const seeAbove = onTerminal && why === "exited" && lines.length === 0 ? " (see above)" : "";
    return [{
      weight: "error",
      what: `Generation ${generation} did not come up: ${reasonOf(failed)}${seeAbove}; ${after}`,
      lines,
      next: nextOf(failed),
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
