/** Sentences about a generation that boots beside the live one. */
import type { ItemOf } from "../item.ts";
import type { Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { asEnd, exitOf } from "../words.ts";

type Failed = ItemOf<"candidate failed">;

function reasonOf({ why, status, uptimeMs, detail }: Failed): string {
  if (why === "unstartable") return asEnd(detail);
  if (why === "exited" && status !== null) return `${exitOf(status)} after ${duration(uptimeMs)}`;
  return `not at the barrier after ${duration(uptimeMs)}`;
}

export const candidates: Sentences<
  "candidate failed" | "candidate outdated" | "taken back" | "not overlapped"
> = {
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
      next: why === "late"
        ? 'Save a fix to try again, or give it longer with "--boot-timeout"'
        : "Save a fix to try again",
    }];
  },
  "candidate outdated": ({ generation }) => [{
    weight: "detail",
    what: `Generation ${generation} was outdated by newer files before it took over`,
  }],
  "taken back": ({ generation }) => [{
    weight: "news",
    what: `The files are again what generation ${generation} was started from; it goes on`,
  }],
  "not overlapped": ({ generation, why }) => [{
    weight: "error",
    what: `Cannot boot the next beside generation ${generation}: ${why}; handed over sequentially`,
    next: 'Let it call "restore" of a client, or use "--handoff sequential"',
  }],
};
