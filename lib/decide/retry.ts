/** The same files are not tried twice in a row. */
import { type Context, liveOf } from "./context.ts";
import type { EventOf } from "./event.ts";
import { again, type Handoff } from "./handoff.ts";
import type { State } from "./state.ts";
import { report, to, type Transition } from "./transition.ts";

/** Whether the files are those of the last try, which did not get past live. */
export function wasTried(context: Context, { differs }: EventOf<"changed">): boolean {
  const { attempted } = context;
  return attempted !== null && attempted !== liveOf(context).number &&
    differs.get(attempted)?.length === 0;
}

/** The last try was undone, before it came to anything or after it failed: made again, it is a new one. */
export function abandonTry(context: Context): Context {
  return { ...context, attempted: liveOf(context).number, failed: null, refused: false };
}

/** The files are again what live was started from; that is worth a word where an error was the last one. */
export function revert(context: Context, state: State): Transition {
  const next = abandonTry(context);
  return context.failed === null
    ? to(next, state)
    : to(next, state, report({ type: "reverted", generation: liveOf(context).number }));
}

/** What to try once more where the last try failed, but may have read half of a save; null for nothing. */
export function secondTry(
  { attempted, failed }: Context,
  { generation, at }: EventOf<"rewritten">,
): Handoff | null {
  return failed === null || failed.again || generation !== attempted ? null : again(failed, at);
}
