/** What comes after a generation is gone: the next one, a wait, or baton's end. */
import type { ExitStatus } from "../platform/platform.ts";
import { type Context, drop, findCandidate, liveOf, put, update } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import type { Generation } from "./generation.ts";
import { marked } from "./handoff.ts";
import { reportOnce } from "./report_once.ts";
import { LEAVES, spawnSole, takeOver } from "./starting.ts";
import type { Departure } from "./state.ts";
import { escalate } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** A program that ran this long before it crashed starts the backoff anew. */
export const BACKOFF_RESET_MS = 10_000;

export function backoffMs(crashes: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** crashes);
}

/** A program without the pipe may have left its state in a file. */
export function admitLeft(
  before: Context,
  generation: number,
  left: EventOf<"gone">["left"],
): [Context, Effect[]] {
  if (left.found === "missing") return [before, []];
  const context = { ...before, leaves: true, leavesNothing: false };
  if (left.found === "good") {
    return [{ ...context, best: { path: left.path, envelope: left.envelope } }, []];
  }
  const { found, why } = left;
  const rejected = { type: "state rejected", generation, found, why, state: context.best } as const;
  return [context, [report(rejected)]];
}

/** Live is gone: what comes next. */
export function afterLive(
  before: Context,
  departure: Departure,
  event: EventOf<"gone">,
): Transition {
  const { number, spoke } = liveOf(before);
  const isReplaced = departure.purpose.kind === "replace";
  const leaves = before.leaves && (spoke || !isReplaced);
  const leavesNothing = isReplaced && !spoke;
  const known = { ...drop(before, number), leaves, leavesNothing };
  const [context, effects] = admitLeft(known, number, event.left);
  const candidate = findCandidate(context);
  const isBlank = candidate?.arrival.mode === "swapped" && !candidate.spoke;
  return isBlank && isReplaced && event.left.found === "good"
    ? after(effects, startAnew(context, candidate, departure, event))
    : after(effects, comeNext(context, departure, event.at));
}

/** The candidate was started without the state that live has left: it is ended, and started again with it. */
function startAnew(
  before: Context,
  { number }: Generation,
  { purpose, handoff }: Departure,
  { generation, at }: EventOf<"gone">,
): Transition {
  const fact = { type: "in sequence", generation, why: LEAVES } as const;
  const [context, told] = reportOnce(before, LEAVES, fact);
  const next = update(context, number, (one) => ({ ...one, role: "aborted" }));
  const { changed, dark } = handoff.marks;
  const sequential = { ...handoff, mode: "sequential", marks: { changed, dark } } as const;
  const cancel = { type: "cancel", timer: `boot ${number}` } as const;
  return after([cancel, ...told], comeNext(next, { purpose, handoff: sequential }, at));
}

/** No generation is live: the candidate, or whatever the purpose is, once nothing else has processes. */
export function comeNext(context: Context, departure: Departure, at: number): Transition {
  const { purpose } = departure;
  const handoff = marked(departure.handoff, "gone", at);
  const candidate = findCandidate(context);
  if (candidate !== null && purpose.kind === "stop") {
    const live = put(context, { ...candidate, role: "live" });
    return escalate(live, { purpose, handoff }, "signaled", at);
  }
  if (candidate !== null) return takeOver(context, candidate, handoff, at);
  if (context.generations.length > 0) {
    const kills = context.generations
      .map(({ number }) => ({ type: "kill", generation: number }) as const);
    const escalation = "killed";
    const next = { name: "leaving", purpose, handoff, escalation, killedAfterMs: null } as const;
    return to(context, next, ...kills);
  }
  switch (purpose.kind) {
    case "stop":
      return end(context, 0);
    case "replace":
      return context.settled
        ? spawnSole(context, handoff, at)
        : to(context, { name: "settling", handoff });
    case "rest":
      return rest(context, purpose.status);
  }
}

function rest(context: Context, status: ExitStatus): Transition {
  const { policy, crashes } = context;
  if (policy.exit) return end(context, status.code);
  if (status.code !== 0 && policy.onCrash === "restart") {
    return to({ ...context, crashes: crashes + 1 }, { name: "idle" }, {
      type: "timer",
      timer: "backoff",
      ms: backoffMs(crashes),
    });
  }
  return to(context, { name: "idle" }, { type: "compare" });
}

/** Asked to stop where nothing runs. */
export function endAsked(context: Context, by: string): Transition {
  return after([report({ type: "stopping", generation: null, by })], end(context, 0));
}

export function end(context: Context, status: number): Transition {
  return to(
    context,
    { name: "ended", status },
    report({ type: "stopped", status, state: context.best }),
    { type: "quit", status },
  );
}
