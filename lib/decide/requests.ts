/** A person asked for a restart, or for the end. */
import { EXIT } from "../errors.ts";
import { end, endAsked } from "./after_exit.ts";
import { abort } from "./candidate.ts";
import { type Context, findCandidate, findLive, liveOf } from "./context.ts";
import type { EventOf } from "./event.ts";
import { servesAlready } from "./generation.ts";
import { handoff } from "./handoff.ts";
import { act } from "./ladder.ts";
import { retire } from "./retired.ts";
import { RESTART } from "./rung.ts";
import { handOver } from "./saving.ts";
import { overlaps, spawnCandidate } from "./starting.ts";
import type { StateOf } from "./state.ts";
import { askToStop, escalate, heldUpTimer } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

const CANCEL_BACKOFF = { type: "cancel", timer: "backoff" } as const;

/** What was built by nobody yet is built before the first start. */
export function startNow(
  context: Context,
  _state: StateOf<"idle">,
  event: EventOf<"restart">,
): Transition {
  const { attempted, policy: { rules } } = context;
  const isFirst = attempted === null;
  const commands = isFirst ? rules.flatMap((rule) => rule.commands) : [];
  const need = { ...RESTART, commands };
  const first = handoff(isFirst ? "first" : "restart", attempted, [], {}, need);
  return after([CANCEL_BACKOFF], act(context, first, event.at));
}

/** After a try that failed a person insists: in sequence, and whatever live can save if it has refused. */
export function restart(
  context: Context,
  _state: StateOf<"running">,
  event: EventOf<"restart">,
): Transition {
  const next = handoff("restart", liveOf(context).number, [], { changed: event.at });
  if (context.refused) {
    return askToStop(context, { purpose: { kind: "replace" }, handoff: next }, event.at);
  }
  return overlaps(context) === true && context.failed === null
    ? spawnCandidate(context, next, event.at)
    : handOver(context, next, event.at);
}

/** A candidate is being killed: another comes after it, whatever the files hold. */
export function queueRestart(
  context: Context,
  state: StateOf<"aborting">,
  event: EventOf<"restart">,
): Transition {
  const { number } = liveOf(context);
  const retry = state.retry ?? handoff("restart", number, [], { changed: event.at });
  return to(context, { ...state, retry });
}

/**
 * What is left of a program that ended by itself is being ended: the next one comes after it. Where the next one
 * serves already that is restarted, once live is gone where it cannot be left to itself; one that is yet to come is
 * new anyway.
 */
export function restartLeaving(
  context: Context,
  state: StateOf<"leaving">,
  event: EventOf<"restart">,
): Transition {
  const { purpose, handoff: { marks } } = state;
  if (purpose.kind === "stop") return to(context, state);
  if (purpose.kind === "replace") {
    const candidate = findCandidate(context);
    if (candidate === null || !servesAlready(candidate)) return to(context, state);
    const retired = retire(context, state);
    if (retired !== null) return restart(retired, { name: "running" }, event);
    const next = { ...state, purpose: { ...purpose, restartAt: event.at } };
    return to(context, next, heldUpTimer(liveOf(context)));
  }
  const next = handoff("restart", context.attempted, [], { ...marks, changed: event.at });
  return to(context, { ...state, purpose: { kind: "replace" }, handoff: next });
}

export function endIdle(
  context: Context,
  _state: StateOf<"idle">,
  event: EventOf<"stop">,
): Transition {
  return after([CANCEL_BACKOFF], endAsked(context, event.by));
}

/** Live is asked, and whoever was to follow is killed. */
export function stop(
  context: Context,
  _state: StateOf<
    "settling" | "running" | "stepping" | "preparing" | "booting" | "aborting" | "saving"
  >,
  event: EventOf<"stop">,
): Transition {
  const live = findLive(context);
  if (live === null) return endAsked(context, event.by);
  const candidate = findCandidate(context);
  const [next, effects] = candidate === null ? [context, []] : abort(context, candidate);
  const purpose = { kind: "stop", by: event.by } as const;
  const departure = { purpose, handoff: handoff("restart", live.number, [], {}) };
  return after(effects, askToStop(next, departure, event.at));
}

/**
 * Asked to stop while a handoff is under way: it goes on, but nothing comes after; again: all is killed; once
 * more: what cannot be killed is left.
 */
export function stopDeparting(
  context: Context,
  state: StateOf<"stopping"> | StateOf<"leaving">,
  event: EventOf<"stop">,
): Transition {
  const { purpose, handoff } = state;
  const isKilled = state.name === "leaving" && state.escalation === "killed";
  const kills = context.generations
    .map(({ number }) => ({ type: "kill", generation: number }) as const);
  if (purpose.kind === "stop") {
    if (isKilled) return end(context, EXIT.left);
    const name = "leaving";
    const next = { name, purpose, handoff, escalation: "killed", killedAfterMs: null } as const;
    return to(context, next, ...kills);
  }
  const live = findLive(context);
  const candidate = findCandidate(context);
  const { by } = event;
  const said = report({ type: "stopping", generation: live?.number ?? null, by });
  if (state.name === "leaving" && state.escalation === "draining") {
    // Who serves already is asked once this one is gone.
    const departure = { purpose: { kind: "stop", by }, handoff } as const;
    const cancel = { type: "cancel", timer: `drain ${live!.number}` } as const;
    return after([cancel, said], escalate(context, departure, "signaled", event.at));
  }
  const [next, effects] = candidate === null ? [context, []] : abort(context, candidate);
  const again = isKilled ? kills : [];
  return to(next, { ...state, purpose: { kind: "stop", by } }, said, ...effects, ...again);
}
