/**
 * # Theory of operation
 *
 * Everything baton tells is an `Item`: fields, no sentence. A reporter writes it to standard error, as
 * standard output belongs to the program: with `--log json` as one line that fits `log_schema.ts`, else as
 * the messages that `sentences.ts` makes of it, of which the verbosity drops some and `compose.ts` makes
 * lines. Nothing here asks, waits or decides.
 */
import { BatonError, messageOf } from "../errors.ts";
import { isFileAt } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";
import { Causes } from "./causes.ts";
import { compose } from "./compose.ts";
import type { Item } from "./item.ts";
import { logLine } from "./log.ts";
import type { View, Weight } from "./message.ts";
import { shortened } from "./shortened.ts";
import { sentencesOf } from "./sentences.ts";

export interface Reporter {
  log(item: Item): void;
}

type ReportSettings = Pick<Settings, "log" | "verbosity" | "clear" | "cwd" | "interactive">;

const SHOWN: Readonly<Record<Settings["verbosity"], readonly Weight[]>> = {
  quiet: ["error", "warning"],
  normal: ["error", "warning", "news"],
  verbose: ["error", "warning", "news", "detail"],
};
const CLEAR = "\x1b[2J\x1b[H";

/** A reporter to standard error. `--log json` leaves nothing out, whatever the verbosity. */
export function openReporter(platform: Platform, settings: ReportSettings): Reporter {
  const { clock, terminal } = platform;
  return settings.log === "json"
    ? { log: (item) => terminal.writeErr(logLine(item, clock.wallNow()) + "\n") }
    : textReporter(platform, settings);
}

function textReporter(platform: Platform, settings: ReportSettings): Reporter {
  const { clock, terminal } = platform;
  const colored = isColored(platform);
  const clears = settings.clear && terminal.stderrIsTerminal;
  const shown = SHOWN[settings.verbosity];
  const causes = new Causes();
  const isFile = (path: string) => isFileAt(platform, path);
  return {
    log(item) {
      causes.note(item);
      const view: View = {
        cwd: settings.cwd,
        interactive: settings.interactive,
        onTerminal: terminal.stderrIsTerminal,
        quiet: settings.verbosity === "quiet",
        now: clock.wallNow(),
        causeOf: (generation) => causes.of(generation),
      };
      const text = sentencesOf(item, view)
        .filter(({ weight }) => shown.includes(weight))
        .map((message) => shortened(item, message, settings.cwd, isFile))
        .map((message) => compose(message, colored));
      if (clears && beginsGeneration(item)) text.unshift(CLEAR);
      if (text.length > 0) terminal.writeErr(text.join(""));
    },
  };
}

/** Whether the output of a generation follows; that of the first follows baton's own first line. */
function beginsGeneration(item: Item): boolean {
  return item.type === "hello" || (item.type === "started" && item.mode !== "first");
}

/**
 * Any thrown value as lines for standard error: what, where and the next step of a `BatonError`; of anything
 * else, which is baton's own fault, the stack as well.
 */
export function renderError(platform: Platform, error: unknown): string {
  const colored = isColored(platform);
  if (error instanceof BatonError) {
    const { what, where, next } = error;
    return compose({ weight: "error", what, where, next }, colored);
  }
  const stack = error instanceof Error ? error.stack ?? "" : "";
  return compose({
    weight: "error",
    what: `Baton ${VERSION} failed: ${messageOf(error)}`,
    lines: stack.split("\n").filter((line) => line !== ""),
    next: "This is a fault of baton's own: please report it, with these lines and what was run",
  }, colored);
}

/** Follows no-color.org. */
function isColored(platform: Platform): boolean {
  return platform.terminal.stderrIsTerminal && (platform.env().NO_COLOR ?? "") === "";
}
