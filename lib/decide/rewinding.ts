/** A generation that resumes from another state than the newest. */
import { type Context, findCandidate, put, type StoredState } from "./context.ts";
import type { EventOf } from "./event.ts";
import type { Generation } from "./generation.ts";
import type { State } from "./state.ts";
import { to, type Transition } from "./transition.ts";

/**
 * It counts for the next generation that is spawned, and once that is given a state: what live saves until then is
 * kept, and not used.
 */
export function noteRewind(context: Context, state: State, event: EventOf<"rewind">): Transition {
  const { state: rewind, by } = event;
  const candidate = findCandidate(context);
  const next = by === "asked" && candidate !== null
    ? put(context, { ...candidate, rewind })
    : context;
  return to({ ...next, rewind }, state);
}

/** With the state that was chosen for this candidate, or, without one, for what is spawned now. */
export function rewound(context: Context, candidate: Generation | null): Context {
  const rewind = candidate === null ? context.rewind : candidate.rewind;
  if (rewind === null) return context;
  // What was chosen since is for the one after it.
  const isLast = context.rewind === rewind;
  return { ...context, best: rewind, rewind: isLast ? null : context.rewind };
}

/** What the candidate is to resume from, as things stand. */
export function resumesFrom(context: Context, candidate: Generation): StoredState | null {
  return candidate.rewind ?? context.best;
}
