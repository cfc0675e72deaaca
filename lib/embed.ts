import type { Item } from "./report/item.ts";
import type { Run } from "./run.ts";
import type { Settings } from "./settings.ts";

export type { Run } from "./run.ts";

/** What to run, and any setting that is not to be its default. */
export type SuperviseOptions = Pick<Settings, "command"> & Partial<Settings> & {
  /** Called with everything baton has to say. */
  readonly onEvent?: (event: Item) => void;
};

/**
 * Runs a program under baton from within another program. Durations are in milliseconds, defaults are
 * those of the command line.
 *
 * Throws `BatonError` where it cannot begin.
 *
 * @example
 * ```ts
 * import { supervise } from "@baton/baton";
 *
 * const run = await supervise({
 *   command: ["python3", "app.py"],
 *   onEvent: (event) => event.type === "ready" && console.log(event.generation, event.timings),
 * });
 * const status = await run.ended;
 * ```
 */
export async function supervise({ onEvent, ...asked }: SuperviseOptions): Promise<Run> {
  const [{ run }, { selectPlatform }, { DEFAULTS }] = await Promise.all([
    load<typeof import("./run.ts")>("./run.ts"),
    load<typeof import("./platform/select.ts")>("./platform/select.ts"),
    load<typeof import("./settings.ts")>("./settings.ts"),
  ]);
  const platform = await selectPlatform();
  const outside = platform();
  const cwd = asked.cwd ?? outside.cwd;
  const stateDir = asked.stateDir ?? `${cwd}/${DEFAULTS.stateDir}`;
  const settings: Settings = { ...DEFAULTS, ...asked, cwd, stateDir };
  return await run(outside, settings, onEvent ?? (() => {}));
}

/** Out of sight of what reads imports ahead, so that a program that only takes part loads none of it. */
function load<T>(path: string): Promise<T> {
  return import(new URL(path, import.meta.url).href);
}
