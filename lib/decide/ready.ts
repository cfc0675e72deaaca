/** When a generation is ready, or its time for that is over. */
import { type Context, findCandidate, findLive, put, update, withoutConflict } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import type { Generation } from "./generation.ts";
import { marked, timings } from "./handoff.ts";
import { reportOnce } from "./report_once.ts";
import type { State } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

/** Live is ready; what changed meanwhile is found by comparing. `announced`: something said so. */
export function noteReady(
  context: Context,
  live: Generation,
  at: number,
  announced: boolean,
): [Context, Effect[]] {
  const ready: Generation = { ...live, readyAt: at, arrival: marked(live.arrival, "ready", at) };
  const { from, reason, mode, changed, hook, marks, refusals } = ready.arrival;
  const fact = report({
    type: "ready",
    generation: live.number,
    from,
    reason,
    mode,
    changed,
    state: context.best,
    hook,
    timings: timings(marks),
    marks,
    refusals,
    announced,
  });
  const next = {
    ...put(context, ready),
    lastReady: live.number,
    speaks: live.spoke,
    builds: live.gate !== null,
  };
  const routes = context.policy.proxy === null
    ? []
    : [{ type: "route", generation: live.number } as const];
  const cancel = { type: "cancel", timer: `boot ${live.number}` } as const;
  return [next, [...routes, cancel, fact, { type: "compare" }]];
}

export function becomeReady(before: Context, state: State, event: EventOf<"ready">): Transition {
  const context = update(before, event.generation, (one) => serving(one, event.participant));
  const live = findLive(context);
  if (live === null || live.number !== event.generation || live.readyAt !== null) {
    return to(context, state);
  }
  if (!counts(context, event)) {
    return to(context, state, { type: "probe", generation: live.number }); // at once, as it may answer now
  }
  const [learned, told] = learn(context, live, event);
  const [next, effects] = noteReady(learned, live, event.at, true);
  return to(next, state, ...effects, ...told);
}

/** One that holds a port beside its own cannot be started beside another. */
function learn(
  context: Context,
  { number: generation, spoke }: Generation,
  { holds }: EventOf<"ready">,
): [Context, Effect[]] {
  if (holds === undefined || spoke || context.policy.handoff !== "auto") return [context, []];
  if (holds.length === 0) return [withoutConflict(context), []];
  const conflict = `it holds ${holds.join(", ")} as well`;
  const fact = { type: "in sequence", generation, why: conflict } as const;
  return reportOnce({ ...context, conflict }, "in sequence", fact);
}

/** Where a probe was asked for, what a program says of itself is not enough. */
function counts({ probed }: Context, { participant }: EventOf<"ready">): boolean {
  return !probed || participant === null;
}

/** With the participant that said so ready. */
function serving(generation: Generation, participant: number | null): Generation {
  const participants = generation.participants
    .map((one) => one.id === participant ? { ...one, isReady: true } : one);
  return { ...generation, participants };
}

/** A candidate that has no barrier, or does not wait at it, is ready before its turn. */
export function readyEarly(context: Context, state: State, event: EventOf<"ready">): Transition {
  const candidate = findCandidate(context);
  if (candidate?.number !== event.generation) return to(context, state);
  const readyAt = counts(context, event) ? event.at : null;
  return to(put(context, { ...serving(candidate, event.participant), readyAt }), state);
}

/** Live did not become ready in time, and counts as ready from now on. */
export function readyLate(context: Context, state: State, event: EventOf<"deadline">): Transition {
  const live = findLive(context);
  if (live === null || event.timer !== `boot ${live.number}` || live.readyAt !== null) {
    return to(context, state);
  }
  const late = report({ type: "late", generation: live.number, step: "ready" });
  const isElsewhere = context.policy.proxy !== null && !live.spoke;
  const learned = isElsewhere
    ? { ...context, conflict: "it does not answer on its port" }
    : context;
  const [next, effects] = noteReady(learned, live, event.at, false);
  return after([late], to(next, state, ...effects));
}
