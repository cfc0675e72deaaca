/** Live is on its way out: what becomes of those that are to follow it, and of what is left of it. */
import { EXIT } from "../errors.ts";
import { afterLive, comeNext, end } from "./after_exit.ts";
import { abort, failedCandidate, makeWayForOther, saidConflict } from "./candidate.ts";
import { begin } from "./changes.ts";
import {
  type Context,
  drop,
  findCandidate,
  findLive,
  liveOf,
  put,
  roleOf,
  update,
  withSaidConflict,
} from "./context.ts";
import { isLeftToOthers } from "./crash.ts";
import type { EventOf } from "./event.ts";
import { type Generation, greeted, servesAlready } from "./generation.ts";
import { handoff, marked } from "./handoff.ts";
import { restart } from "./requests.ts";
import { retire } from "./retired.ts";
import type { State, StateOf } from "./state.ts";
import { escalate, heldUpTimer, LEAVE_MS } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Leaving = StateOf<"leaving">;
type Departing = StateOf<"stopping"> | Leaving;

/** What comes next is no longer there: it is spawned once live is gone. */
function withoutFollower<S extends Departing>(state: S): S {
  const { spawned: _, barrier: __, ...marks } = state.handoff.marks;
  return { ...state, handoff: { ...state.handoff, mode: "sequential", marks } };
}

/** The leader of another than live has exited. */
export function loseFollower(
  context: Context,
  state: Departing,
  event: EventOf<"exited">,
): Transition {
  const candidate = findCandidate(context);
  if (candidate === null || candidate.number !== event.generation) return to(context, state);
  const { status, lines } = event;
  // As live was left, so may the candidate be.
  if (findLive(context)?.ended && isLeftToOthers(event)) {
    return to(put(context, { ...candidate, ended: status }), state);
  }
  const conflict = saidConflict(context, event);
  const fact = conflict === null
    ? failedCandidate(candidate, event.at, { why: "exited", status, lines })
    : { type: "in sequence", generation: candidate.number, why: conflict } as const;
  const learned = conflict === null ? context : withSaidConflict(context, conflict);
  const [next, effects] = abort(learned, candidate);
  return to(next, withoutFollower(state), report(fact), ...effects);
}

/** Another than live is gone. */
export function buryFollower<S extends Departing>(
  before: Context,
  state: S,
  event: EventOf<"gone">,
): Transition {
  const candidate = findCandidate(before);
  const context = drop(before, event.generation);
  if (candidate?.number !== event.generation) return to(context, state);
  const about = { why: "exited", status: candidate.ended } as const;
  const fact = failedCandidate(candidate, event.at, about);
  return to(context, withoutFollower(state), report(fact));
}

export function greetStopping(
  context: Context,
  state: Departing,
  event: EventOf<"hello">,
): Transition {
  const next = update(context, event.generation, (one) => greeted(one, event));
  if (roleOf(context, event) !== "candidate") return to(next, state);
  return to(next, { ...state, handoff: marked(state.handoff, "barrier", event.at) });
}

/** A worker of live that its master has started anew would hang at the barrier. */
export function greetLeaving(
  context: Context,
  state: Leaving,
  event: EventOf<"hello">,
): Transition {
  const { effects, ...greeted } = greetStopping(context, state, event);
  if (roleOf(context, event) !== "live") return { effects, ...greeted };
  const release = { type: "release", generation: event.generation } as const;
  return { ...greeted, effects: [...effects, release] };
}

/** Live has not been stopped yet: it goes on serving. */
function stay(
  context: Context,
  { purpose }: Leaving,
  candidate: Generation,
  event: EventOf<"exited">,
): Transition {
  const { number: live } = liveOf(context);
  const { status, lines, at } = event;
  const cancels = [
    { type: "cancel", timer: `drain ${live}` },
    { type: "cancel", timer: `wait ${live}` },
  ] as const;
  const route = { type: "route", generation: live } as const;
  const conflict = saidConflict(context, event);
  if (conflict !== null) {
    const next = makeWayForOther({ ...context, lastReady: live }, event, conflict);
    return after([...cancels, route], next);
  }
  const fact = failedCandidate(candidate, at, { live, why: "exited", status, lines });
  const before = { ...context, failed: candidate.arrival, lastReady: live };
  const [next, effects] = abort(before, candidate);
  const restartAt = purpose.kind === "replace" ? purpose.restartAt : undefined;
  const retry = restartAt === undefined
    ? null
    : handoff("restart", live, [], { changed: restartAt });
  const aborting = { name: "aborting", retry } as const;
  return to(next, aborting, ...cancels, route, report(fact), ...effects);
}

export function exitedLeaving(
  before: Context,
  state: Leaving,
  event: EventOf<"exited">,
): Transition {
  if (roleOf(before, event) !== "live") {
    const candidate = findCandidate(before);
    const isWaited = state.escalation === "draining" && state.purpose.kind === "replace" &&
      candidate?.number === event.generation && findLive(before)?.ended === null;
    return isWaited ? stay(before, state, candidate, event) : loseFollower(before, state, event);
  }
  const context = put(before, { ...liveOf(before), ended: event.status });
  if (event.survivors === 0 || state.escalation !== "told") return to(context, state);
  return escalate(context, state, "signaled", event.at);
}

export function goneLeaving(context: Context, state: Leaving, event: EventOf<"gone">): Transition {
  if (roleOf(context, event) !== "live") {
    const buried = buryFollower(context, state, event);
    if (findLive(context) !== null) return buried;
    return after(buried.effects, comeNext(buried.context, state, event.at));
  }
  const { generation } = event;
  const { killedAfterMs: afterMs, handoff: { changed } } = state;
  const facts = afterMs === null
    ? []
    : [report({ type: "escalated", generation, changed, by: "kill", afterMs })];
  const cancels = [
    { type: "cancel", timer: `drain ${generation}` },
    { type: "cancel", timer: `wait ${generation}` },
    { type: "cancel", timer: `leave ${generation}` },
    { type: "cancel", timer: `stop ${generation}` },
  ] as const;
  const { purpose } = state;
  const follower = findCandidate(context)?.number;
  const next = after([...cancels, ...facts], afterLive(context, state, event));
  const isDue = purpose.kind === "replace" && purpose.restartAt !== undefined &&
    next.state.name === "running" && findLive(next.context)?.number === follower;
  if (!isDue) return next;
  const asked = { type: "restart", at: event.at } as const;
  // The next one begins with the newest files; until it has begun there is nothing to compare them with.
  const effects = next.effects.filter(({ type }) => type !== "compare");
  return after(effects, restart(next.context, next.state, asked));
}

/** A generation cannot be killed: who waits for baton's end is not to wait for that. */
export function outliveKill(
  context: Context,
  state: Leaving,
  event: EventOf<"not killed">,
): Transition {
  const isLeft = state.purpose.kind === "stop";
  const told = notKilled(event, isLeft);
  return isLeft ? after([told], end(context, EXIT.left)) : to(context, state, told);
}

/** A candidate cannot be killed: nothing else can be started. */
export function tellAlive(
  context: Context,
  state: State,
  event: EventOf<"not killed">,
): Transition {
  return to(context, state, notKilled(event, false));
}

function notKilled({ generation, processes }: EventOf<"not killed">, isLeft: boolean) {
  return report({ type: "not killed", generation, processes, isLeft });
}

/** Its leader takes no part, and was not told to leave. */
export function signalLeader(
  context: Context,
  state: Leaving,
  event: EventOf<"participants left">,
): Transition {
  return roleOf(context, event) === "live" && state.escalation === "told"
    ? escalate(context, state, "signaled", event.at)
    : to(context, state);
}

/** What changes while another serves already is begun, where live can be left to itself; else it waits for that. */
export function holdUp(context: Context, state: Leaving, event: EventOf<"changed">): Transition {
  const candidate = findCandidate(context);
  const isDifferent = candidate !== null && (event.differs.get(candidate.number) ?? []).length > 0;
  const retired = isDifferent ? retire(context, state) : null;
  if (retired !== null) return begin(retired, { name: "running" }, event);
  const waits = state.escalation === "draining" && isDifferent && servesAlready(candidate);
  return waits ? to(context, state, heldUpTimer(liveOf(context))) : to(context, state);
}

/** What it had begun has come to its end. */
export function drained(context: Context, state: Leaving, event: EventOf<"drained">): Transition {
  if (roleOf(context, event) !== "live" || state.escalation !== "draining") {
    return to(context, state);
  }
  const cancel = { type: "cancel", timer: `drain ${event.generation}` } as const;
  return after([cancel], escalate(context, state, "signaled", event.at));
}

/** It has not left in time: the next means. */
export function escalateLate(
  context: Context,
  state: Leaving,
  event: EventOf<"deadline">,
): Transition {
  const live = findLive(context);
  if (live === null) return to(context, state);
  const { number: generation } = live;
  const { escalation, handoff: { changed } } = state;
  if (event.timer === `drain ${generation}` && escalation === "draining") {
    return escalate(context, state, "signaled", event.at);
  }
  if (event.timer === `wait ${generation}` && escalation === "draining") {
    const limitMs = context.policy.stopTimeoutMs;
    return to(context, state, report({ type: "held up", generation, limitMs }));
  }
  if (event.timer === `leave ${generation}` && escalation === "told") {
    const about = { generation, changed, by: "signal", afterMs: LEAVE_MS } as const;
    const fact = report({ type: "escalated", ...about });
    return after([fact], escalate(context, state, "signaled", event.at));
  }
  if (event.timer === `stop ${generation}` && escalation !== "killed") {
    return escalate(context, state, "killed", event.at, context.policy.stopTimeoutMs);
  }
  return to(context, state);
}
