/** Sentences about what ends by itself, and about baton's own end. */
import type { ItemOf } from "../item.ts";
import type { Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { exitOf, stateOf } from "../words.ts";

type Ended = ItemOf<"ended">;

function nextOf({ next }: Ended, failed: boolean): string {
  if (typeof next === "object") return `It starts again by itself in ${duration(next.retryMs)}`;
  switch (next) {
    case "wait":
      return failed ? "Save a fix to start it again" : "Save a change to start it again";
    case "candidate":
      return "The next generation takes over";
    case "exit":
      return "Baton ends with its status";
  }
}

export const ending: Sentences<"ended" | "stopping" | "stopped"> = {
  ended: (item, { onTerminal }) => {
    const { generation, status, uptimeMs, wasReady, lastReady, state, lines, folded } = item;
    const failed = status.kind === "signaled" || status.code !== 0;
    const before = wasReady ? "" : " before it was ready";
    const how = `${exitOf(status)} after ${duration(uptimeMs)}`;
    const seeAbove = failed && onTerminal ? " (see above)" : "";
    const parts = [`Generation ${generation} ended${before}: ${how}${seeAbove}`];
    if (!wasReady && lastReady !== null) parts.push(`generation ${lastReady} was the last ready`);
    if (state !== null) parts.push(`the ${stateOf(state)} is kept`);
    return [{
      weight: folded ? "detail" : failed || !wasReady ? "error" : "news",
      what: parts.join("; "),
      lines: failed && !onTerminal ? lines : [],
      next: nextOf(item, failed),
    }];
  },
  stopping: ({ generation, by }) => [{
    weight: "news",
    what: generation === null ? `Stops: ${by}` : `Stops generation ${generation}: ${by}`,
  }],
  stopped: ({ status, state }) => [{
    weight: "news",
    what: [
      status === 0 ? "Stopped" : `Stopped with exit status ${status}`,
      ...state === null ? [] : [`the ${stateOf(state)} is kept`],
    ].join("; "),
  }],
};
