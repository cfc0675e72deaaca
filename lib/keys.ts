import type { Cancel, Platform } from "./platform/platform.ts";
import type { Reporter } from "./report/report.ts";
import type { Run } from "./run.ts";

/** The keys of `-I`, and what they do. */
export const KEYS = {
  r: "restart",
  q: "quit",
  s: "show the kept states",
  p: "pause, or go on",
  h: "this help",
} as const;

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** Keys in place of the program's input, until cancelled. */
export function listenToKeys(platform: Platform, run: Run, reporter: Reporter): Cancel {
  let paused = false;
  const actions: Record<string, () => void> = {
    r: () => run.restart(),
    q: () => run.stop("q"),
    s: () => reporter.say({ type: "states", readings: run.store.list() }),
    p: () => {
      paused = !paused;
      if (paused) run.pause();
      else run.resume();
      reporter.say({ type: paused ? "paused" : "resumed" });
    },
    h: () => reporter.say({ type: "keys", keys: KEYS }),
    [CTRL_C]: () => run.stop("Ctrl-C"),
    [CTRL_D]: () => run.stop("Ctrl-D"),
  };
  return platform.terminal.onKey((key) => actions[key]?.());
}
