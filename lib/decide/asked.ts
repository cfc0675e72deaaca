/** Live was asked to stop its components and to save: its answers. */
import { afterLive } from "./after_exit.ts";
import { type Context, liveOf, put, roleOf, update } from "./context.ts";
import { buryFollower, loseFollower } from "./departing.ts";
import type { Effect } from "./effect.ts";
import type { Fact } from "./fact.ts";
import type { EventOf } from "./event.ts";
import { parted, serves } from "./generation.ts";
import { type Handoff, marked } from "./handoff.ts";
import { checkUnasked, keepUnasked, rejected } from "./participants.ts";
import type { StateOf } from "./state.ts";
import { escalate } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Stopping = StateOf<"stopping">;
/** A recycle stops components as well. */
type Telling = Stopping | StateOf<"stepping">;
type Trouble = Extract<Fact, { type: "hook" }>["trouble"];

function trouble(context: Context, { handoff }: Stopping, trouble: Trouble): Effect {
  const { number: generation } = liveOf(context);
  const { changed } = handoff;
  return report({ type: "hook", generation, changed, trouble, state: context.best });
}

function isLive(context: Context, event: { generation: number }): boolean {
  return roleOf(context, event) === "live";
}

function cancelHook(context: Context): Effect {
  return { type: "cancel", timer: `hook ${liveOf(context).number}` };
}

function noted<S extends Telling>(state: S, change: (handoff: Handoff) => Handoff): S {
  return { ...state, handoff: change(state.handoff) };
}

/** One participant will say no more: with the last one, the asking is over. */
function answered(context: Context, state: Stopping, participant: number, at: number): Transition {
  const waiting = state.waiting.filter((one) => one !== participant);
  return waiting.length > 0
    ? to(context, { ...state, waiting })
    : conclude(context, { ...state, waiting }, at);
}

/** What was saved is read back; where nothing was, live leaves. */
function conclude(context: Context, state: Stopping, at: number): Transition {
  const { saved } = state;
  if (saved !== null) {
    const checking = { ...state, waiting: [], checking: true };
    return to(context, checking, cancelHook(context), { type: "check", claim: saved });
  }
  const cooperative = liveOf(context).participants.length > 0;
  const means = cooperative ? "told" : "signaled";
  return after([cancelHook(context)], escalate(context, state, means, at));
}

export function noteStopping(
  context: Context,
  state: Telling,
  event: EventOf<"stopping">,
): Transition {
  if (!isLive(context, event)) return to(context, state);
  const { component, at } = event;
  const next = noted(state, (handoff) => marked(handoff, "stopping", at));
  return serves(liveOf(context), component) ? noteDark(context, next, at) : to(context, next);
}

function noteDark(context: Context, state: Telling, at: number): Transition {
  return to(context, noted(state, (handoff) => marked(handoff, "dark", at)));
}

export function noteClosed(
  context: Context,
  state: Stopping,
  event: EventOf<"listener closed">,
): Transition {
  return isLive(context, event) ? noteDark(context, state, event.at) : to(context, state);
}

export function noteStopped(
  context: Context,
  state: Stopping,
  event: EventOf<"stopped">,
): Transition {
  if (!isLive(context, event)) return to(context, state);
  const { component, elapsedMs } = event;
  const next = noted(state, ({ marks, hook, ...rest }) => ({
    ...rest,
    marks: { ...marks, stopped: event.at },
    hook: { ...hook, stopped: [...hook.stopped, { component, elapsedMs }] },
  }));
  return to(context, next);
}

export function noteFailed(
  context: Context,
  state: Stopping,
  event: EventOf<"failed">,
): Transition {
  if (!isLive(context, event)) return to(context, state);
  const { component, error } = event;
  const next = noted(state, ({ marks, hook, ...rest }) => ({
    ...rest,
    marks: { ...marks, stopped: event.at },
    hook: { ...hook, failed: [...hook.failed, { component, error }] },
  }));
  return to(context, next, trouble(context, state, { kind: "component", component, error }));
}

export function noteSaved(context: Context, state: Stopping, event: EventOf<"saved">): Transition {
  if (!isLive(context, event)) return to(context, state);
  if (event.kind === "checkpoint") return checkUnasked(context, state, event);
  if (!state.waiting.includes(event.participant)) return to(context, state);
  const saved = event.participant === state.first ? event : state.saved;
  const next = noted(state, (handoff) => marked(handoff, "saved", event.at));
  return answered(context, { ...next, saved }, event.participant, event.at);
}

export function noteRefused(
  context: Context,
  state: Stopping,
  event: EventOf<"refused">,
): Transition {
  const { participant, why } = event;
  if (!isLive(context, event) || !state.waiting.includes(participant)) return to(context, state);
  const next = answered(context, state, participant, event.at);
  if (participant !== state.first) return next;
  return after([trouble(context, state, { kind: "refused", why })], next);
}

export function partAsked(
  before: Context,
  state: Stopping,
  event: EventOf<"disconnected">,
): Transition {
  const { participant } = event;
  const context = update(before, event.generation, (one) => parted(one, participant));
  if (!isLive(context, event) || !state.waiting.includes(participant)) return to(context, state);
  const next = answered(context, state, participant, event.at);
  if (participant !== state.first) return next;
  const why = "The pipe was closed before it had saved";
  return after([trouble(context, state, { kind: "lost", why })], next);
}

/** What it saved was read back: it may leave. A leader that has ended already was swept for; `gone` follows. */
export function noteChecked(
  before: Context,
  state: Stopping,
  event: EventOf<"checked">,
): Transition {
  if (event.kind === "checkpoint") return keepUnasked(before, state, event);
  const { reading, at } = event;
  const { purpose } = state;
  const departure = { purpose, handoff: marked(state.handoff, "checked", at) };
  const isGood = reading.found === "good";
  const context = isGood
    ? { ...before, best: { path: reading.path, envelope: reading.envelope } }
    : before;
  const next = state.gone !== null
    ? afterLive(context, departure, state.gone)
    : escalate(context, departure, liveOf(context).ended === null ? "told" : "signaled", at);
  return isGood ? next : after([report(rejected(before, event))], next);
}

export function exitedAsked(
  before: Context,
  state: Stopping,
  event: EventOf<"exited">,
): Transition {
  if (!isLive(before, event)) return loseFollower(before, state, event);
  const { status, survivors, at } = event;
  const context = put(before, { ...liveOf(before), ended: status, participants: [] });
  if (state.checking) return to(context, state);
  if (state.saved !== null) return conclude(context, state, at);
  const how = status.kind === "exited"
    ? `ended with exit status ${status.code}`
    : `was killed by ${status.signal}`;
  const lost = trouble(context, state, { kind: "lost", why: `It ${how} before it had saved` });
  const { purpose, handoff } = state;
  const next = survivors > 0
    ? escalate(context, state, "signaled", at)
    : to(context, { name: "leaving", purpose, handoff, escalation: "told", killedAfterMs: null });
  return after([cancelHook(context), lost], next);
}

export function goneAsked(
  context: Context,
  state: Stopping,
  event: EventOf<"gone">,
): Transition {
  if (!isLive(context, event)) return buryFollower(context, state, event);
  if (state.checking) return to(context, { ...state, gone: event });
  if (state.saved !== null) return conclude(context, { ...state, gone: event }, event.at);
  const why = "Its last process ended before it had saved";
  const lost = trouble(context, state, { kind: "lost", why });
  return after([cancelHook(context), lost], afterLive(context, state, event));
}

export function hookLate(
  context: Context,
  state: Stopping,
  event: EventOf<"deadline">,
): Transition {
  if (event.timer !== `hook ${liveOf(context).number}`) return to(context, state);
  if (state.saved !== null) return conclude(context, state, event.at);
  const afterMs = context.policy.hookTimeoutMs;
  const late = trouble(context, state, { kind: "late", afterMs });
  return after([late], escalate(context, state, "signaled", event.at));
}
