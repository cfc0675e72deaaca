/** A participant of live says hello. */
import { type Context, findLive, put, withoutConflict } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import { type Generation, greeted } from "./generation.ts";
import { reportOnce } from "./report_once.ts";
import { open, openOne } from "./starting.ts";
import type { State } from "./state.ts";
import { TOLD_SHARE } from "./stopping.ts";
import { to, type Transition } from "./transition.ts";

/** The barrier opens, or it is open: then it gets a start of its own. */
export function greetLive(context: Context, state: State, event: EventOf<"hello">): Transition {
  const before = findLive(context);
  if (before === null || before.number !== event.generation) return to(context, state);
  const live = greeted(before, event);
  const [warned, warnings] = warn(put(context, live), live, event);
  if (live.openedAt === null) {
    const lastReady = live.readyAt === null ? context.lastReady : live.arrival.from;
    const [learned, told] = learn({ ...warned, lastReady }, event);
    const [next, effects] = open(learned, live, live.arrival, event.at);
    return to(next, state, ...effects, ...told, ...warnings);
  }
  if (before.participants.some(({ id }) => id === event.participant)) {
    return to(warned, state, ...warnings);
  }
  const alone = before.participants.length === 0;
  return to(warned, state, openOne(warned, live, event.participant, alone), ...warnings);
}

/** One that listens before its barrier cannot be started beside another. */
function learn(context: Context, { generation, listens }: EventOf<"hello">): [Context, Effect[]] {
  if (context.policy.handoff !== "auto" || listens.length === 0) {
    return [withoutConflict(context), []];
  }
  const conflict = `it listens on ${listens.join(", ")} before its barrier`;
  return reportOnce({ ...context, conflict }, "in sequence", {
    type: "in sequence",
    generation,
    why: conflict,
  });
}

/** Whose state counts where several take part, and what a component asks for in vain. */
function warn(
  before: Context,
  { number: generation, participants }: Generation,
  { components }: EventOf<"hello">,
): [Context, Effect[]] {
  let context = before;
  const effects: Effect[] = [];
  const [first] = participants;
  const other = participants.find(({ pid }) => pid !== first?.pid); // Not one that connects anew.
  if (first !== undefined && other !== undefined) {
    const fact = { type: "participants", generation, first: first.pid, other: other.pid } as const;
    const [next, told] = reportOnce(context, "participants", fact);
    context = next;
    effects.push(...told);
  }
  const { hookTimeoutMs } = before.policy;
  for (const { name: component, timeoutMs } of components) {
    if (timeoutMs <= hookTimeoutMs * TOLD_SHARE) continue;
    const fact = {
      type: "timeout cut",
      generation,
      component,
      timeoutMs,
      hookTimeoutMs,
    } as const;
    const [next, told] = reportOnce(context, `timeout cut: ${component}`, fact);
    context = next;
    effects.push(...told);
  }
  return [context, effects];
}
