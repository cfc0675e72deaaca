/**
 * A program that is built at each start (`go run`): its build tool says when that is done, and what it has built is
 * let run once live has left. A build that fails costs nothing.
 */
import { abortFor, proceed } from "./candidate.ts";
import { type Context, findCandidate, findLive, liveOf, put, roleOf } from "./context.ts";
import type { StoredState } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import type { Generation } from "./generation.ts";
import { handoff, marked } from "./handoff.ts";
import { noteReady } from "./ready.ts";
import { abandonTry } from "./retry.ts";
import { announces, bootTimer, probing } from "./starting.ts";
import type { State, StateOf } from "./state.ts";
import { report, to, type Transition } from "./transition.ts";

type Booting = StateOf<"booting">;
type Leaving = StateOf<"leaving">;

function letRun(
  context: Context,
  generation: Generation,
  state: StoredState | null,
): [Context, Effect] {
  const next = { ...put(context, { ...generation, gate: "open" }), builds: true };
  return [next, { type: "execute", generation: generation.number, state }];
}

/** The only generation is built: it runs, and where nothing else announces it that is its start. */
export function runBuilt(
  context: Context,
  live: Generation,
  state: State,
  at: number,
): Transition {
  const arrival = marked(marked(live.arrival, "barrier", at), "opened", at);
  const [next, execute] = letRun(context, { ...live, arrival }, context.best);
  if (live.readyAt !== null) return to(next, state, execute);
  if (announces(next)) {
    return to(next, state, execute, bootTimer(next, live), ...probing(next, live));
  }
  const [ready, effects] = noteReady(next, liveOf(next), at, false);
  return to(ready, state, execute, ...effects);
}

export function builtLive(context: Context, state: State, event: EventOf<"built">): Transition {
  const live = findLive(context);
  return live?.number === event.generation
    ? runBuilt(context, live, state, event.at)
    : to(context, state);
}

export function builtBeside(context: Context, state: Booting, event: EventOf<"built">): Transition {
  const candidate = findCandidate(context)!;
  if (event.generation !== candidate.number) return to(context, state);
  if (candidate.arrival.mode !== "built") return boot(context, candidate, state);
  return proceed(waiting(context, candidate, event), state, event);
}

export function builtLeaving(
  context: Context,
  state: Leaving,
  event: EventOf<"built">,
): Transition {
  if (roleOf(context, event) !== "candidate") return to(context, state);
  const candidate = findCandidate(context)!;
  if (candidate.arrival.mode !== "built") return boot(context, candidate, state);
  const handoff = marked(state.handoff, "barrier", event.at);
  return to(waiting(context, candidate, event), { ...state, handoff });
}

/** It has a barrier of its own, and runs up to there. */
function boot(context: Context, candidate: Generation, state: State): Transition {
  const [next, execute] = letRun(context, candidate, null);
  return to(next, state, execute, bootTimer(context, candidate));
}

function waiting(context: Context, candidate: Generation, { at }: EventOf<"built">): Context {
  const arrival = marked(candidate.arrival, "barrier", at);
  return put(context, { ...candidate, gate: "closed", arrival });
}

export function spawnedBeside(
  context: Context,
  state: State,
  event: EventOf<"spawned">,
): Transition {
  if (roleOf(context, event) !== "candidate") return to(context, state);
  const candidate = findCandidate(context)!;
  const { number: generation, arrival: { reason, mode } } = candidate;
  const started = report({ type: "started", generation, reason, mode, state: null });
  const live = liveOf(context);
  if (live.gate === null || event.builds === true) return to(context, state, started);
  return mode === "built"
    ? followLive(put(context, { ...live, gate: null }), candidate)
    : to(context, state, started, bootTimer(context, candidate));
}

/** Nothing would keep it from running beside live, as it is started by now. */
function followLive(context: Context, { number, arrival }: Generation): Transition {
  const { reason, from, changed, marks } = arrival;
  const retry = handoff(reason, from, changed, { changed: marks.changed });
  const why = "nothing tells when it is built any more";
  return abortFor(abandonTry(context), retry, { type: "in sequence", generation: number, why });
}
