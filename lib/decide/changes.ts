/** Files changed or settled, and nothing or only live is there. */
import { waitsForQuiet } from "./burst.ts";
import { type Context, findLive, liveOf } from "./context.ts";
import type { EventOf } from "./event.ts";
import { type Handoff, handoff } from "./handoff.ts";
import { readyLate } from "./ready.ts";
import { act, actSoon, QUIET_TIMER, untilQuiet } from "./ladder.ts";
import { revert, secondTry, wasTried } from "./retry.ts";
import { needIn, RESTART } from "./rung.ts";
import { overlaps, spawnSole } from "./starting.ts";
import type { StateOf } from "./state.ts";
import { after, to, type Transition } from "./transition.ts";

type Idle = StateOf<"idle">;
type Settling = StateOf<"settling">;
type Running = StateOf<"running">;
type Aborting = StateOf<"aborting">;

const CANCEL_BACKOFF = { type: "cancel", timer: "backoff" } as const;

/** Nothing runs: what differs from the last try is worth another, once it has settled. */
export function wake(context: Context, state: Idle, event: EventOf<"changed">): Transition {
  const { attempted } = context;
  const paths = attempted === null ? event.paths : event.differs.get(attempted) ?? [];
  if (paths.length === 0) return to(context, state);
  const marks = { changed: event.firstAt };
  const next = handoff("change", attempted, paths, marks, needIn(context, paths, event));
  const waits = waitsForQuiet(context, event.at) && !event.released;
  const waiting = waits
    ? untilQuiet(context, next)
    : to(context, { name: "settling", handoff: next });
  return after([CANCEL_BACKOFF], waiting);
}

export function endBackoff(context: Context, state: Idle, event: EventOf<"deadline">): Transition {
  return event.timer === "backoff"
    ? spawnSole(context, handoff("crash", context.attempted, [], {}), event.at)
    : to(context, state);
}

/** Whether a program is to run whatever the files hold: one was ended for it, or it is started after a crash. */
function isOwed({ crashes }: Context, { marks }: Handoff): boolean {
  return marks.gone !== undefined || crashes > 0;
}

/** More changed, or it is undone. */
export function amend(context: Context, state: Settling, event: EventOf<"changed">): Transition {
  const live = findLive(context);
  const base = live?.number ?? context.attempted;
  const changed = base === null ? event.paths : event.differs.get(base) ?? [];
  if (changed.length > 0) {
    const need = needIn(context, changed, event);
    const next = { ...state, handoff: { ...state.handoff, changed, need } };
    if (event.released) return to(context, { name: "settling", handoff: next.handoff });
    return to(context, next, ...state.untilQuiet ? [QUIET_TIMER] : []);
  }
  if (live !== null) return revert(context, { name: "running" });
  return isOwed(context, state.handoff) ? to(context, state) : to(context, { name: "idle" });
}

/** They have settled; a burst may go on. */
export function settle(
  context: Context,
  state: Settling,
  event: EventOf<"settled">,
): Transition {
  return state.untilQuiet ? to(context, state) : act(context, state.handoff, event.at);
}

/** A burst is over, or the time of live. */
export function settlingLate(
  context: Context,
  state: Settling,
  event: EventOf<"deadline">,
): Transition {
  if (event.timer !== "quiet" || !state.untilQuiet) return readyLate(context, state, event);
  const { handoff } = state;
  return context.settled
    ? act(context, handoff, event.at)
    : to(context, { name: "settling", handoff });
}

/** Live is alone: a candidate boots at once, and what cannot be undone waits for the files to settle. */
export function begin(context: Context, state: Running, event: EventOf<"changed">): Transition {
  const { number } = liveOf(context);
  const paths = event.differs.get(number) ?? [];
  if (paths.length === 0) return revert(context, state);
  if (wasTried(context, event)) return to(context, state);
  const marks = { changed: event.firstAt };
  const next = handoff("change", number, paths, marks, needIn(context, paths, event));
  return actSoon(context, next, event.at, event.released);
}

/** A person does not wait for the files, nor for a lower rung. */
export function restartNow(
  context: Context,
  { handoff }: Settling,
  event: EventOf<"restart">,
): Transition {
  return act(context, { ...handoff, need: RESTART }, event.at);
}

/** The last try failed, on files that may have been half saved. */
export function tryAgain(
  context: Context,
  state: Running,
  event: EventOf<"rewritten">,
): Transition {
  const next = secondTry(context, event);
  const isOwed = next !== null && (overlaps(context) === true || next.need.commands.length > 0);
  return isOwed ? actSoon(context, next, event.at, true) : to(context, state);
}

/** What comes after the one that is being killed is for the newest files. */
export function reconsider(
  context: Context,
  state: Aborting,
  event: EventOf<"changed">,
): Transition {
  const { number } = liveOf(context);
  const paths = event.differs.get(number) ?? [];
  if (paths.length === 0) return revert(context, { ...state, retry: null });
  if (wasTried(context, event)) return to(context, { ...state, retry: null });
  const changed = state.retry?.marks.changed ?? event.firstAt;
  const need = needIn(context, paths, event);
  return to(context, { ...state, retry: handoff("change", number, paths, { changed }, need) });
}

export function queueSecondTry(
  context: Context,
  state: Aborting,
  event: EventOf<"rewritten">,
): Transition {
  return to(context, { ...state, retry: state.retry ?? secondTry(context, event) });
}
