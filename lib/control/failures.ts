import type { Item } from "../report/item.ts";
import { duration } from "../report/quantity.ts";
import { asEnd, exitOf } from "../report/words.ts";

/** How a generation failed, or why it cannot be followed. */
export interface Failure {
  readonly generation: number;
  readonly why: string;
  readonly changed: readonly string[];
  readonly live: number | null;
  readonly lines: readonly string[];
  /** It ended by itself with status 0. */
  readonly isEnd: boolean;
}

/** The failure that an item tells of; null where it tells of none. */
export function failureOf(item: Item): Failure | null {
  const nothing = { changed: [], live: null, lines: [], isEnd: false };
  switch (item.type) {
    case "candidate failed": {
      const { generation, live, changed, lines, why, status, uptimeMs, detail } = item;
      const how = why === "spawn-failed"
        ? asEnd(detail)
        : why === "exited" && status !== null
        ? `${exitOf(status)} after ${duration(uptimeMs)}`
        : `not at the barrier after ${duration(uptimeMs)}`;
      const what = `Generation ${generation} did not come up: ${how}`;
      return { ...nothing, generation, live, changed, lines, why: what };
    }
    case "command failed": {
      const { generation, live, changed, lines, command, status, tookMs } = item;
      const why = `"${command}" failed: ${exitOf(status)} after ${duration(tookMs)}`;
      return { ...nothing, generation, live, changed, lines, why };
    }
    case "ended": {
      const { generation, status, uptimeMs, wasReady, lines } = item;
      const before = wasReady ? "" : " before it was ready";
      const why = `Generation ${generation} ended${before}: ${exitOf(status)} after ${
        duration(uptimeMs)
      }`;
      const isEnd = status.kind === "exited" && status.code === 0;
      return { ...nothing, generation, lines, isEnd, why };
    }
    case "spawn failed":
      return { ...nothing, generation: item.generation, why: item.why };
    case "handoff refused": {
      const { generation, changed, why, afterMs } = item;
      const what = afterMs === null
        ? `Generation ${generation} cannot save: ${asEnd(why)}`
        : `Generation ${generation} gave no answer in ${duration(afterMs)} when it was to save`;
      return { ...nothing, generation, live: generation, changed, why: what };
    }
    default:
      return null;
  }
}
