import type { Context } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { Event, EventOf } from "./event.ts";
import type { Fact } from "./fact.ts";
import type { State, StateName, StateOf } from "./state.ts";

/** The answer to one event. */
export interface Transition {
  readonly context: Context;
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** What one event is answered with in one state. */
export type Handler<N extends StateName, T extends Event["type"]> = (
  context: Context,
  state: StateOf<N>,
  event: EventOf<T>,
) => Transition;

export function to(context: Context, state: State, ...effects: Effect[]): Transition {
  return { context, state, effects };
}

/** The same transition with these effects before its own. */
export function after(effects: readonly Effect[], next: Transition): Transition {
  return { ...next, effects: [...effects, ...next.effects] };
}

export function report(fact: Fact): Effect {
  return { type: "report", fact };
}

export function ignore(context: Context, state: State): Transition {
  return to(context, state);
}
