import { resolve } from "@std/path";
import { spans, type Timings } from "../decide/handoff.ts";
import { BatonError, EXIT } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { explained } from "../explain.ts";
import { count } from "./quantity.ts";
import { readTimeline, type Restart } from "./timeline_reader.ts";
import { quoted } from "./words.ts";

const DEFAULT_FILE = "baton-timeline.json";
const PROCESS = 1;

/** Each step of a restart has a track of its own, in this order. */
const LANES = {
  settle: "settleMs",
  boot: "bootMs",
  ask: "askMs",
  save: "saveMs",
  check: "checkMs",
  gone: "goneMs",
  start: "startMs",
  dark: "darkMs",
  stopping: "stoppingMs",
} as const satisfies Readonly<Record<string, keyof Timings>>;

/** An event of the Trace Event Format; `ts` and `dur` are microseconds. */
export type TraceEvent =
  & { readonly pid: number; readonly tid: number; readonly name: string; readonly args: object }
  & (
    | { readonly ph: "M" }
    | { readonly ph: "X"; readonly cat: string; readonly ts: number; readonly dur: number }
  );

/** What Perfetto and chrome://tracing open. */
export interface Trace {
  readonly displayTimeUnit: "ms";
  readonly traceEvents: readonly TraceEvent[];
}

/** The restarts as a trace that begins with the first moment of the first of them. */
export function traceOf(restarts: readonly Restart[]): Trace {
  const slices = restarts.flatMap(slicesOf);
  const begin = Math.min(...slices.map(({ ts }) => ts));
  const traceEvents = [
    ...names(),
    ...slices.map((slice) => ({ ...slice, ts: rounded(slice.ts - begin) })),
  ];
  return { displayTimeUnit: "ms", traceEvents };
}

/**
 * Writes the restarts on record in `stateDir` to `file` as a trace, and returns what to print. A relative
 * path is one of the working directory; without one it is `baton-timeline.json`.
 * Throws `BatonError` where there is no restart, or the file cannot be written.
 */
export function writeTrace(platform: Platform, stateDir: string, file: string | null): string {
  const { files, cwd } = platform;
  const path: string = resolve(cwd, file ?? DEFAULT_FILE);
  const { restarts, broken } = explained(
    "Cannot read the timeline",
    "See what keeps the file from being read",
    () => readTimeline(files, stateDir),
  );
  if (restarts.length === 0) {
    throw new BatonError({
      what: "No restart is on record",
      where: stateDir,
      next: 'Run a program with "baton -- COMMAND" and save a change',
    }, { status: EXIT.usage });
  }
  explained("Cannot write the timeline", "Name another file", () => {
    files.writeAtomically(path, JSON.stringify(traceOf(restarts)) + "\n");
  });
  const skipped = broken === 0 ? "" : `, ${count(broken, "broken line")} left out`;
  return `Wrote ${count(restarts.length, "restart")} to ${quoted(path)}${skipped}; ` +
    "open it at https://ui.perfetto.dev\n";
}

function names(): TraceEvent[] {
  const named = (name: string, tid: number, args: object): TraceEvent => ({
    ph: "M",
    pid: PROCESS,
    tid,
    name,
    args,
  });
  return [
    named("process_name", 0, { name: "baton" }),
    ...Object.keys(LANES).flatMap((lane, index) => [
      named("thread_name", index + 1, { name: lane }),
      named("thread_sort_index", index + 1, { sort_index: index + 1 }),
    ]),
  ];
}

/** The steps of a restart that happened; `ts` counts from 1970. */
function slicesOf(restart: Restart): Extract<TraceEvent, { ph: "X" }>[] {
  const { readyAt, marks, ...args } = restart;
  const all = spans(marks);
  const sinceEpoch = readyAt - (marks.ready ?? 0);
  return Object.entries(LANES).flatMap(([lane, step], index) => {
    const [from, to] = all[step];
    if (from === undefined || to === undefined) return [];
    return [{
      ph: "X",
      pid: PROCESS,
      tid: index + 1,
      name: lane,
      cat: restart.mode,
      ts: (sinceEpoch + from) * 1_000,
      dur: rounded(Math.max(0, to - from) * 1_000),
      args,
    }];
  });
}

/** To a tenth of a microsecond: beyond that is only the error of adding. */
function rounded(microseconds: number): number {
  return Math.round(microseconds * 10) / 10;
}
