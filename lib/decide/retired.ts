/**
 * Behind a proxy the next one serves before live is gone. Where yet another is due by then, the one that is on its way
 * out is retired: it ends what it has begun beside all that comes, and no state has to do with it.
 */
import { admitLeft, comeNext } from "./after_exit.ts";
import { type Context, drop, findCandidate, findLive, put } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { Event, EventOf } from "./event.ts";
import { type Generation, isRetired, servesAlready } from "./generation.ts";
import type { State, StateOf } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

/** So many at once: each is a whole program. */
const MOST = 4;

/**
 * With the candidate live in the place of the one that leaves; null where that is not to be: what live leaves is not
 * known until it has been stopped, and may be what the candidate has to start with.
 */
export function retire(
  context: Context,
  { purpose, escalation }: StateOf<"leaving">,
): Context | null {
  const [live, candidate] = [findLive(context), findCandidate(context)];
  const isFollowed = live !== null && candidate !== null && servesAlready(candidate);
  const isKnown = context.leavesNothing && purpose.kind === "replace";
  const retired = context.generations.filter(isRetired);
  if (!isFollowed || !isKnown || escalation === "killed" || retired.length === MOST) return null;
  const role = escalation === "draining" ? "draining" : "departing";
  return put(put(context, { ...live, role }), { ...candidate, role: "live" });
}

/** The answer to an event of one that is retired; null where the event is of none. */
export function answerRetired(context: Context, state: State, event: Event): Transition | null {
  const one = context.generations.find((one) => isRetired(one) && isOf(event, one));
  if (one === undefined) return null;
  const { number: generation, role } = one;
  switch (event.type) {
    case "drained":
      return role === "draining" ? signal(context, state, one) : to(context, state);
    case "deadline":
      return event.timer === `stop ${generation}`
        ? kill(context, state, one)
        : signal(context, state, one);
    case "gone":
      return bury(context, state, event);
    case "not killed":
      return null; // as any other
    default:
      return to(context, state);
  }
}

function isOf(event: Event, { number }: Generation): boolean {
  if (event.type !== "deadline") return "generation" in event && event.generation === number;
  return event.timer === `drain ${number}` || event.timer === `stop ${number}`;
}

function signal(context: Context, state: State, one: Generation): Transition {
  const { number: generation } = one;
  return to(
    put(context, { ...one, role: "departing" }),
    state,
    { type: "cancel", timer: `drain ${generation}` },
    { type: "signal", generation },
    { type: "timer", timer: `stop ${generation}`, ms: context.policy.stopTimeoutMs },
  );
}

function kill(context: Context, state: State, { number: generation }: Generation): Transition {
  const afterMs = context.policy.stopTimeoutMs;
  const fact = { type: "escalated", generation, changed: [], by: "kill", afterMs } as const;
  return to(context, state, { type: "kill", generation }, report(fact));
}

/** It is gone; what it has left is for the next one that is started. */
function bury(before: Context, state: State, event: EventOf<"gone">): Transition {
  const { generation, left, at } = event;
  const cancels: Effect[] = [
    { type: "cancel", timer: `drain ${generation}` },
    { type: "cancel", timer: `wait ${generation}` },
    { type: "cancel", timer: `stop ${generation}` },
  ];
  const [context, told] = admitLeft(drop(before, generation), generation, left);
  const isLast = state.name === "leaving" && findLive(context) === null;
  return after([...cancels, ...told], isLast ? comeNext(context, state, at) : to(context, state));
}
