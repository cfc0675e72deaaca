import { duration } from "../report/quantity.ts";
import { changedFiles } from "../report/words.ts";
import type { Released, Rewound, Verdict } from "./answers.ts";
import { holdText } from "./status_text.ts";

/** A verdict, in words. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.outcome) {
    case "ready": {
      const { generation, changed, darkMs, announced, changedSince } = verdict;
      const parts = [
        changedFiles(changed),
        darkMs === null ? "" : `dark ${duration(darkMs)}`,
        announced ? "" : "it does not say when it is ready, and has not ended since",
      ].filter((part) => part !== "");
      const runs = `Generation ${generation} runs${
        parts.length === 0 ? "" : `: ${parts.join(", ")}`
      }`;
      return changedSince.length === 0 ? runs : `${runs}\n${changedFiles(changedSince)} since`;
    }
    case "ended":
      return `Generation ${verdict.generation} ended by itself, with exit status 0`;
    case "failed": {
      const { why, live, lines, place } = verdict;
      return [
        `${why}${live === null ? "" : `; generation ${live} goes on serving`}`,
        ...lines.map((line) => `  ${cut(line)}`),
        ...place === null ? [] : [`Where: ${place.file}:${place.line}`],
      ].join("\n");
    }
    case "changed":
      return `${changedFiles(verdict.changed)} before anything was known: ask again`;
    case "held":
      return ["Nothing is started from these files as yet", ...verdict.holds.map(holdText)].join(
        "\n",
      );
    case "late":
      return `Nothing is known after ${duration(verdict.waitedMs)}: baton is ${verdict.state}`;
    case "stopped":
      return "Baton has ended, and with it the program: nothing runs from these files";
  }
}

/** What `baton wait` prints, of the baton that it has asked or of the next one. */
export function waitedText(verdict: Verdict, restarted: boolean): string {
  const before = restarted
    ? ["Baton was started anew meanwhile, and says of the files since:"]
    : [];
  return [...before, verdictText(verdict)].join("\n");
}

/** Of a line of the program: what is minified is shown by its beginning. */
const LONGEST_LINE = 400;

function cut(line: string): string {
  const moreBy = line.length - LONGEST_LINE;
  return moreBy <= 0 ? line : `${line.slice(0, LONGEST_LINE)}… (${moreBy} characters more)`;
}

/** What `baton release` prints. */
export function releasedText({ name, endedBy, holds, changed }: Released): string {
  const how = endedBy === null
    ? `Released by "${name}"`
    : `The hold "${name}" had ended by itself: ${
      endedBy === "time" ? "its time was over" : "who held was gone"
    }`;
  const what = endedBy === null && changed.length > 0 ? `; ${changedFiles(changed)} meanwhile` : "";
  return [`${how}${what}`, ...holds.map(holdText)].join("\n");
}

/** What `baton rewind` prints. */
export function rewoundText({ generation, state, files }: Rewound): string {
  const what = state === null
    ? generation === null ? "Nothing runs" : `Generation ${generation} goes on`
    : `Goes back to the state of generation ${generation}`;
  if (files === null) return what;
  const done = [
    ...files.written.map((path) => `Put back "${path}"`),
    ...files.removed.map((path) => `Removed "${path}"`),
    ...files.aside === null ? [] : [`What was there before is in "${files.aside}"`],
  ];
  return [what, ...done.length === 0 ? ["No file differs"] : done].join("\n");
}
