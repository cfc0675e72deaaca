import { age, count, duration } from "../report/quantity.ts";
import { changedFiles, quotedCommand } from "../report/words.ts";
import type { HoldInfo, Status } from "./answers.ts";

/** What `baton status` prints. */
export function statusText(status: Status): string {
  return [
    `${quotedCommand(status.command)} in "${status.cwd}", under process ${status.pid}`,
    liveText(status),
    ...status.candidate === null ? [] : [
      `Generation ${status.candidate.generation} boots, for ${duration(status.candidate.uptimeMs)}`,
    ],
    filesText(status),
    ...status.holds.map(holdText),
  ].join("\n");
}

/** One hold, in words. */
export function holdText({ name, leftMs }: HoldInfo): string {
  return `Held by "${name}"${leftMs === null ? "" : `, for ${duration(leftMs)} more`}`;
}

function liveText({ live, state }: Status): string {
  if (live === null) return state === "ended" ? "Baton ends" : "Nothing runs";
  const { generation, ready, uptimeMs } = live;
  return ready
    ? `Generation ${generation} runs, started ${age(uptimeMs)} ago`
    : `Generation ${generation} is not ready, ${duration(uptimeMs)} after its start`;
}

function filesText({ watching, changed, live }: Status): string {
  if (!watching) return "The files are not watched yet";
  const whom = live === null ? "the last try was" : "it was";
  return changed.length === 0
    ? `The files are those that ${whom} started from`
    : `${changedFiles(changed)} since ${whom} started: ${count(changed.length, "file")} in all`;
}
