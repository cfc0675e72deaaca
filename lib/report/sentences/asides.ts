/** What is passed on as it was said, and what a key asked for. */
import type { Sentences } from "../message.ts";
import type { ItemOf } from "../item.ts";
import { count, duration, size } from "../quantity.ts";
import { changedFiles, quoted, stateOf } from "../words.ts";
import { statesMessage } from "../states.ts";

function standbyText(news: ItemOf<"standby">["news"]): string {
  if (news.type === "unparked") return `Nothing is parked: ${news.why}`;
  const { generation, modules, tookMs, bytes, cut } = news;
  const memory = bytes === null ? "" : `, ${size(bytes)}`;
  const rest = cut === null ? "" : `; not all of them: ${cut}`;
  const loaded = `${count(modules, "module")}${memory}, in ${duration(tookMs)}`;
  return `Parked for generation ${generation}: ${loaded}${rest}`;
}

const KEYS = [
  "r  restart now",
  "s  show the kept states",
  "b  go back to the state of these files, or of the last good version",
  "p  pause: changes wait; again to go on",
  "q  quit",
  "h  this help",
];

export const asides: Sentences<
  | ("notice" | "error" | "warning" | "keys" | "paused" | "resumed" | "states" | "standby")
  | ("held" | "released" | "rewind")
> = {
  standby: ({ news }) => [{ weight: "detail", what: standbyText(news) }],
  notice: ({ what, where, next }) => [{ weight: "warning", what, where, next }],
  error: ({ what, where, next }) => [{ weight: "error", what, where, next }],
  warning: ({ what, where, next }) => [{ weight: "warning", what, where, next }],
  keys: () => [{ weight: "news", what: "Keys", lines: KEYS }],
  paused: () => [{ weight: "news", what: "Paused: changes wait until p is pressed again" }],
  resumed: () => [{ weight: "news", what: "Goes on: changes restart the program again" }],
  rewind: ({ state, by }) => [{
    weight: "news",
    what: by === null
      ? `The files are again those that the ${stateOf(state)} was saved under`
      : `Goes back to the ${stateOf(state)}${
        by === "files" ? ": the files are again its own" : ""
      }`,
    next: by === null ? '"baton rewind" (key b) goes back to that state' : undefined,
  }],
  held: ({ name, forMs }) => [{
    weight: "news",
    what: `Held by ${quoted(name)}: changes wait${
      forMs === null ? "" : `, ${duration(forMs)} at most`
    }`,
  }],
  released: ({ name, by, changed, holds }) => [{
    weight: by === "asked" ? "news" : "warning",
    what: [
      by === "asked"
        ? `Released by ${quoted(name)}`
        : `The hold ${quoted(name)} ended by itself: ${
          by === "time" ? "its time is over" : "who held is gone"
        }`,
      ...changed.length === 0 ? [] : [`${changedFiles(changed)} meanwhile`],
      ...holds.length === 0 ? [] : [`still held by ${holds.map(quoted).join(", ")}`],
    ].join("; "),
  }],
  states: ({ dir, states, tree }, view) => [statesMessage(dir, states, { ...view, tree })],
};
