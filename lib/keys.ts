import { BatonError } from "./errors.ts";
import type { Cancel, Platform } from "./platform/platform.ts";
import type { Reporter } from "./report/report.ts";
import type { Run } from "./run.ts";

const CTRL_D = "\u0004";

/** The keys of `-I`, in place of the program's input, until cancelled. What they do is told by `h`. */
export function listenToKeys(platform: Platform, run: Run, reporter: Reporter): Cancel {
  const actions: Record<string, () => void> = {
    r: () => run.restart(),
    q: () => run.stop("q"),
    s: () => reporter.log({ type: "states", ...run.states() }),
    p: () => run.isPaused ? run.resume() : run.pause(),
    b: () =>
      void run.rewind(null).catch((error) => {
        if (!(error instanceof BatonError)) throw error;
        const { what, where, next } = error;
        reporter.log({ type: "error", what, where, next });
      }),
    h: () => reporter.log({ type: "keys" }),
    [CTRL_D]: () => run.stop("Ctrl-D"),
  };
  return platform.terminal.onKey((key) => actions[key]?.());
}
