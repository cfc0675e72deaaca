/** Sentences about what a change asks for below a restart, and about what is built before one. */
import type { Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { changedFiles, exitOf, quoted, refusedRung } from "../words.ts";

const TAKEN = {
  notify: "was told of it",
  reload: "reloaded it",
  recycle: "started its components again",
} as const;

export const ladder: Sentences<
  "updated" | "declined" | "preparing" | "command output" | "command failed"
> = {
  updated: ({ generation, rung, changed, timings: { totalMs = 0, darkMs, stoppingMs } }) => {
    const dark = darkMs ?? stoppingMs;
    const name = darkMs === undefined ? "stopping" : "dark";
    const took = dark === undefined ? "" : `, ${name} ${duration(dark)}`;
    return [{
      weight: "news",
      what: `Generation ${generation} goes on: ${changedFiles(changed)}, it ${TAKEN[rung]} in ${
        duration(totalMs)
      }${took}`,
    }];
  },
  declined: (declined) => [{ weight: "detail", what: `A restart: ${refusedRung(declined)}` }],
  preparing: ({ generation, commands, changed }) => {
    const why = changedFiles(changed);
    const what = `Runs ${commands.map(quoted).join(", ")} for generation ${generation}`;
    return [{ weight: "news", what: why === "" ? what : `${what}: ${why}` }];
  },
  "command output": ({ line }) => [{ weight: "news", what: `| ${line}` }],
  "command failed": ({ generation, live, command, status, tookMs, lines }, { quiet }) => [{
    weight: "error",
    what: `${quoted(command)} failed for generation ${generation}: ${exitOf(status)} after ${
      duration(tookMs)
    }; ${live === null ? "nothing runs" : `generation ${live} goes on serving`}`,
    lines: quiet ? lines : [],
    next: "Save a fix to try again",
  }],
};
