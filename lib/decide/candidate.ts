/** A candidate beside live: at the barrier, outdated, failed, aborted. */
import { failedInBurst, isFolded, outdatedInBurst } from "./burst.ts";
import { isLeftToOthers } from "./crash.ts";
import {
  type Context,
  drop,
  findCandidate,
  liveOf,
  put,
  update,
  withSaidConflict,
} from "./context.ts";
import type { Effect } from "./effect.ts";
import type { Fact } from "./fact.ts";
import type { EventOf } from "./event.ts";
import { type Generation, greeted, isFirst, parted } from "./generation.ts";
import { again, type Handoff, handoff, marked } from "./handoff.ts";
import { becomeReady, noteReady, readyEarly, readyLate } from "./ready.ts";
import { abandonTry } from "./retry.ts";
import { greetLive } from "./greeting.ts";
import { needIn } from "./rung.ts";
import { bootTimer } from "./starting.ts";
import type { State, StateOf } from "./state.ts";
import { askToStop, drain } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

const REPLACE = { kind: "replace" } as const;

type Booting = StateOf<"booting">;
type Failed = Extract<Fact, { type: "candidate failed" }>;

/** What is told of a candidate that did not come up; `live` is null where nobody goes on serving. */
export function failedCandidate(
  candidate: Generation,
  at: number,
  about: Pick<Failed, "why"> & Partial<Failed>,
): Failed {
  return {
    type: "candidate failed",
    generation: candidate.number,
    mode: candidate.arrival.mode,
    live: null,
    changed: candidate.arrival.changed,
    status: null,
    uptimeMs: at - candidate.spawnedAt,
    detail: "",
    lines: [],
    folded: false,
    ...about,
  };
}

/** Kills a candidate, which is none any more. */
export function abort(context: Context, { number }: Generation): [Context, Effect[]] {
  const aborted = update(context, number, (one) => ({ ...one, role: "aborted" }));
  return [aborted, [
    { type: "cancel", timer: `boot ${number}` },
    { type: "kill", generation: number },
  ]];
}

/** Ends the candidate; `retry` is what a next one would be for. */
export function abortFor(context: Context, retry: Handoff | null, fact: Fact): Transition {
  const [next, effects] = abort(context, findCandidate(context)!);
  return to(next, { name: "aborting", retry }, report(fact), ...effects);
}

/** Ends a candidate that came to nothing. */
function giveUp(context: Context, fact: Failed): Transition {
  const failed = { ...failedInBurst(context), failed: findCandidate(context)!.arrival };
  return abortFor(failed, null, { ...fact, folded: isFolded(context) });
}

/** The candidate is no more, or never was: live goes on alone. */
function carryOn(context: Context, candidate: Generation, fact: Failed): Transition {
  return to(
    drop(failedInBurst(context), candidate.number),
    { name: "running" },
    { type: "cancel", timer: `boot ${candidate.number}` },
    report({ ...fact, folded: isFolded(context) }),
    { type: "compare" },
  );
}

/** Live is asked to stop once it has saved, the candidate is at the barrier, or built, and the files are quiet. */
export function proceed(context: Context, state: Booting, event: { at: number }): Transition {
  const candidate = findCandidate(context);
  if (candidate === null || !context.settled || state.saving) return to(context, state);
  const { arrival, participants, readyAt, spoke, gate } = candidate;
  if (arrival.mode === "swapped" && readyAt !== null && !spoke) {
    return swap(context, candidate, event.at);
  }
  if (participants.length === 0 && gate !== "closed") return to(context, state);
  return askToStop(context, { purpose: REPLACE, handoff: arrival }, event.at);
}

/** The candidate serves from now on, and live ends what it has begun. */
function swap(context: Context, candidate: Generation, at: number): Transition {
  const arrival = marked(candidate.arrival, "dark", at);
  const [next, effects] = noteReady(context, { ...candidate, arrival }, at, true);
  const { arrival: handoff } = findCandidate(next)!;
  return after(effects, drain(next, { purpose: REPLACE, handoff }));
}

export function readyBeside(
  context: Context,
  state: Booting,
  event: EventOf<"ready">,
): Transition {
  if (findCandidate(context)?.number !== event.generation) {
    return becomeReady(context, state, event);
  }
  const { context: next } = readyEarly(context, state, event);
  return proceed(next, state, event);
}

export function outdate(context: Context, state: Booting, event: EventOf<"changed">): Transition {
  const [live, candidate] = [liveOf(context), findCandidate(context)!];
  if ((event.differs.get(candidate.number) ?? []).length === 0) return to(context, state);
  const paths = event.differs.get(live.number) ?? [];
  const changed = candidate.arrival.marks.changed ?? event.firstAt;
  const need = needIn(context, paths, event);
  const retry = paths.length === 0
    ? null
    : handoff("change", live.number, paths, { changed }, need);
  const fact = { type: "candidate outdated", generation: candidate.number } as const;
  return abortFor(outdatedInBurst(abandonTry(context), candidate, event.at), retry, fact);
}

/** What it has read may not be what is there: it makes way for another, which is taken at its word. */
export function replaceStale(
  context: Context,
  state: Booting,
  event: EventOf<"rewritten">,
): Transition {
  const { number, arrival } = findCandidate(context)!;
  if (event.generation !== number || arrival.again) return to(context, state);
  const fact = { type: "candidate outdated", generation: number } as const;
  return abortFor(abandonTry(context), again(arrival, event.at), fact);
}

export function greetBeside(context: Context, state: Booting, event: EventOf<"hello">): Transition {
  const candidate = findCandidate(context)!;
  if (event.generation !== candidate.number) return greetLive(context, state, event);
  const arrival = marked(candidate.arrival, "barrier", event.at);
  const arrived = put(context, { ...greeted(candidate, event), arrival });
  if (event.capabilities.includes("exclusive") && context.policy.handoff === "auto") {
    return makeWay(arrived, event, "it runs exclusively");
  }
  const cancel = { type: "cancel", timer: `boot ${candidate.number}` } as const;
  return after([cancel], proceed(arrived, state, event));
}

/** One that must run alone makes way for another, in sequence. */
function makeWay(context: Context, { at }: { at: number }, why: string): Transition {
  const { number: generation, arrival } = findCandidate(context)!;
  const { reason, from, changed, marks } = arrival;
  const retry = handoff(reason, from, changed, { changed: marks.changed ?? at });
  const fact = { type: "in sequence", generation, why } as const;
  return abortFor({ ...abandonTry(context), conflict: why }, retry, fact);
}

/** Why it cannot run beside another, where it ended for that, as far as its last words tell; null where it did not. */
export function saidConflict({ policy }: Context, { names }: EventOf<"exited">): string | null {
  return names === undefined || policy.handoff !== "auto" ? null : `it names ${names}`;
}

/** That is no fault of the edit: the same is started again once the other is gone, and so are all that follow. */
export function makeWayForOther(
  context: Context,
  event: EventOf<"exited">,
  why: string,
): Transition {
  return makeWay(withSaidConflict(context, why), event, why);
}

/** One whose pipe is closed is at the barrier no more, and its time runs again. */
export function partBeside(
  context: Context,
  state: Booting,
  event: EventOf<"disconnected">,
): Transition {
  const next = update(context, event.generation, (one) => parted(one, event.participant));
  const candidate = findCandidate(next)!;
  const isLost = event.generation === candidate.number && candidate.participants.length === 0;
  if (isLost) return to(next, state, bootTimer(context, candidate));
  const hadSaved = isFirst(liveOf(context), event.participant) &&
    event.generation === liveOf(context).number;
  return hadSaved ? proceed(next, { ...state, saving: false }, event) : to(next, state);
}

export function candidateExited(
  context: Context,
  state: State,
  event: EventOf<"exited">,
): Transition {
  const [live, candidate] = [liveOf(context), findCandidate(context)!];
  const { status, lines } = event;
  // As live was left, so may the candidate be.
  if (live.ended !== null && isLeftToOthers(event)) {
    return to(put(context, { ...candidate, ended: status }), state);
  }
  const conflict = saidConflict(context, event);
  if (conflict !== null) return makeWayForOther(context, event, conflict);
  const about = { live: live.number, why: "exited", status, lines } as const;
  return giveUp(context, failedCandidate(candidate, event.at, about));
}

/** The last process of a candidate is gone whose leader had left it to others. */
export function candidateGone(context: Context, event: EventOf<"gone">): Transition {
  const candidate = findCandidate(context)!;
  const { ended: status, arrival } = candidate;
  const about = { live: liveOf(context).number, why: "exited", status } as const;
  const fact = failedCandidate(candidate, event.at, about);
  return carryOn({ ...context, failed: arrival }, candidate, fact);
}

export function failBeside(
  context: Context,
  state: Booting,
  event: EventOf<"spawn failed">,
): Transition {
  const candidate = findCandidate(context)!;
  if (event.generation !== candidate.number) return to(context, state);
  const about = { live: liveOf(context).number, why: "spawn-failed", detail: event.why } as const;
  return carryOn(context, candidate, failedCandidate(candidate, event.at, about));
}

export function candidateLate(
  context: Context,
  state: Booting,
  event: EventOf<"deadline">,
): Transition {
  const live = liveOf(context).number;
  const candidate = findCandidate(context)!;
  const { number: generation, participants, spawnedAt, gate } = candidate;
  if (event.timer === `boot ${live}`) return readyLate(context, state, event);
  if (event.timer === `boot ${generation}`) {
    return giveUp(context, failedCandidate(candidate, event.at, { live, why: "late" }));
  }
  const waits = participants.length > 0 || gate === "closed";
  if (event.timer !== `slow ${generation}` || waits) return to(context, state);
  const isBuilding = liveOf(context).gate !== null && gate === null;
  const limitMs = isBuilding ? null : context.policy.bootTimeoutMs;
  const about = { uptimeMs: event.at - spawnedAt, limitMs };
  return to(context, state, report({ type: "slow", generation, live, ...about }));
}
