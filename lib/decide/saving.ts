/**
 * Live saves a checkpoint before it is asked to stop, where it can. One that cannot save says so while it
 * still serves, so it goes on, and the change costs nothing.
 */
import { abortFor, candidateLate, proceed } from "./candidate.ts";
import { type Context, findCandidate, liveOf, roleOf, update } from "./context.ts";
import type { EventOf } from "./event.ts";
import type { Fact } from "./fact.ts";
import { isFirst, parted } from "./generation.ts";
import { type Handoff, marked } from "./handoff.ts";
import { keepUnasked } from "./participants.ts";
import { revert } from "./retry.ts";
import type { StateOf } from "./state.ts";
import { askForCheckpoint, askToStop, cancelCheckpoint } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Saving = StateOf<"saving">;
type Booting = StateOf<"booting">;
type Waiting = Saving | Booting;
type Refused = Extract<Fact, { type: "handoff refused" }>;

/** Hands over in sequence: live is asked to stop, once it has shown that it can save. */
export function handOver(context: Context, handoff: Handoff, at: number): Transition {
  const effects = askForCheckpoint(context);
  return effects.length === 0
    ? askToStop(context, { purpose: { kind: "replace" }, handoff }, at)
    : to(context, { name: "saving", handoff: marked(handoff, "acted", at) }, ...effects);
}

/** Whether live is waited for, and this is of the participant whose state counts. */
function isAwaited(
  context: Context,
  state: Waiting,
  event: { generation: number; participant: number },
): boolean {
  const isWaiting = state.name === "saving" || state.saving;
  return isWaiting && roleOf(context, event) === "live" &&
    isFirst(liveOf(context), event.participant);
}

/** The checkpoint is there, or will not be: the handoff goes on. */
function goOn(context: Context, state: Waiting, at: number): Transition {
  const next = state.name === "saving"
    ? askToStop(context, { purpose: { kind: "replace" }, handoff: state.handoff }, at)
    : proceed(context, { ...state, saving: false }, { at });
  return after([cancelCheckpoint(context)], next);
}

/** What live has saved was read back. Where it is not good, its last state will tell. */
export function checkpointChecked(
  before: Context,
  state: Waiting,
  event: EventOf<"checked">,
): Transition {
  const { context, effects } = keepUnasked(before, state, event);
  const isWaiting = state.name === "saving" || state.saving;
  return isWaiting && roleOf(context, event) === "live"
    ? after(effects, goOn(context, state, event.at))
    : to(context, state, ...effects);
}

/** Live goes on serving; a candidate is not needed. */
function keepServing(
  before: Context,
  state: Waiting,
  about: Pick<Refused, "why" | "afterMs">,
): Transition {
  const candidate = findCandidate(before);
  const handoff = candidate?.arrival ?? (state as Saving).handoff;
  const { number: generation } = liveOf(before);
  const fact: Refused = { type: "handoff refused", generation, changed: handoff.changed, ...about };
  const context = { ...before, failed: handoff, refused: true };
  const next = candidate === null
    ? to(context, { name: "running" }, report(fact))
    : abortFor(context, null, fact);
  return after([cancelCheckpoint(context)], next);
}

export function checkpointRefused(
  context: Context,
  state: Waiting,
  event: EventOf<"refused">,
): Transition {
  return isAwaited(context, state, event)
    ? keepServing(context, state, { why: event.why, afterMs: null })
    : to(context, state);
}

/**
 * It may be stuck, or halted in a debugger with all that it knows: it is left alone, once. What comes next
 * does not wait for it again.
 */
export function checkpointLate(
  context: Context,
  state: Waiting,
  event: EventOf<"deadline">,
): Transition {
  const { number } = liveOf(context);
  const isWaiting = state.name === "saving" || state.saving;
  if (event.timer !== `checkpoint ${number}` || !isWaiting) return to(context, state);
  const afterMs = context.policy.hookTimeoutMs;
  return keepServing({ ...context, silent: number }, state, { why: "", afterMs });
}

/** Nobody is left whose state counts, or another's does: it is asked to stop as it is. */
export function partSaving(
  before: Context,
  state: Saving,
  event: EventOf<"disconnected">,
): Transition {
  const context = update(before, event.generation, (one) => parted(one, event.participant));
  return isAwaited(before, state, event) ? goOn(context, state, event.at) : to(context, state);
}

/** More changed, or it is undone. */
export function amendSaving(
  context: Context,
  state: Saving,
  event: EventOf<"changed">,
): Transition {
  const changed = event.differs.get(liveOf(context).number) ?? [];
  if (changed.length > 0) return to(context, { ...state, handoff: { ...state.handoff, changed } });
  return after([cancelCheckpoint(context)], revert(context, { name: "running" }));
}

/** A person does not wait for it. */
export function hurry(context: Context, state: Saving, event: EventOf<"restart">): Transition {
  return goOn(context, state, event.at);
}

/** The time of the candidate, or of live, is over. */
export function bootingLate(
  context: Context,
  state: Booting,
  event: EventOf<"deadline">,
): Transition {
  return event.timer === `checkpoint ${liveOf(context).number}`
    ? checkpointLate(context, state, event)
    : candidateLate(context, state, event);
}
