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
  const [{ run }, { platform }, { DEFAULTS }, { resolve }] = await Promise.all([
    import("./run.ts"),
    import("./platform/select.ts"),
    import("./settings.ts"),
    import("@std/path"),
  ]);
  const outside = platform();
  const cwd = asked.cwd ?? outside.cwd;
  const stateDir = resolve(cwd, asked.stateDir ?? DEFAULTS.stateDir);
  const settings: Settings = { ...DEFAULTS, ...asked, cwd, stateDir };
  return await run(outside, settings, onEvent ?? (() => {}));
}
