/**
 * # Theory of operation
 *
 * `transition(machine, event) -> [machine, effects]` decides everything: pure, total, and without a clock.
 * A machine is a *state* (what is going on) and a *context* (what holds in every state), in which the
 * generations are that have processes, each with its role. What is under way (files settling, a candidate
 * booting, live stopping) is a state with fields, never a flag. `retired.ts` answers for those that no state has to do
 * with any more.
 *
 * `table.ts` has the answer to each event in each state; `docs/states.md` shows it, with a diagram.
 */
import { type Context, initialContext, type Policy, type StoredState } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { answerRetired } from "./retired.ts";
import type { State } from "./state.ts";
import { COLUMNS, TABLE } from "./table.ts";
import type { Transition } from "./transition.ts";

export interface Machine {
  readonly context: Context;
  readonly state: State;
}

/** Before anything was started. */
export function initialMachine(policy: Policy, probed: boolean, best: StoredState | null): Machine {
  return { context: initialContext(policy, probed, best), state: { name: "idle" } };
}

/** The answer to one event: the machine after it, and what is to be done. Pure and total. */
export function transition(
  { context, state }: Machine,
  event: Event,
): readonly [Machine, readonly Effect[]] {
  const answer = TABLE[event.type][COLUMNS.indexOf(state.name)] as (
    context: Context,
    state: State,
    event: Event,
  ) => Transition;
  const { effects, ...machine } = answerRetired(context, state, event) ??
    answer(withSettled(context, event), state, event);
  return [machine, effects];
}

function withSettled(context: Context, event: Event): Context {
  if (event.type === "changed") return { ...context, settled: false };
  return event.type === "settled" ? { ...context, settled: true } : context;
}
