/** What is passed on as it was said, and what a key asked for. */
import type { Sentences } from "../message.ts";
import { statesMessage } from "../states.ts";

const KEYS = [
  "r  restart now",
  "s  show the kept states",
  "p  pause: changes wait; again to go on",
  "q  quit",
  "h  this help",
];

export const asides: Sentences<
  "notice" | "error" | "warning" | "keys" | "paused" | "resumed" | "states"
> = {
  notice: ({ what, where, next }) => [{ weight: "warning", what, where, next }],
  error: ({ what, where, next }) => [{ weight: "error", what, where, next }],
  warning: ({ what, where, next }) => [{ weight: "warning", what, where, next }],
  keys: () => [{ weight: "news", what: "Keys", lines: KEYS }],
  paused: () => [{ weight: "news", what: "Paused: changes wait until p is pressed again" }],
  resumed: () => [{ weight: "news", what: "Goes on: changes restart the program again" }],
  states: ({ dir, states }, view) => [statesMessage(dir, states, view)],
};
