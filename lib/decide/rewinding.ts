/** A generation that resumes from another state than the newest. */
import type { Context } from "./context.ts";
import type { EventOf } from "./event.ts";
import type { State } from "./state.ts";
import { to, type Transition } from "./transition.ts";

/** It counts once the next generation is given a state: what live saves until then is kept, and not used. */
export function noteRewind(context: Context, state: State, event: EventOf<"rewind">): Transition {
  return to({ ...context, rewind: event.state }, state);
}

/** With the state that was chosen for the one that comes now. */
export function rewound(context: Context): Context {
  const { rewind } = context;
  return rewind === null ? context : { ...context, best: rewind, rewind: null };
}
