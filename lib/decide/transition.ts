import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { booting } from "./phases/booting.ts";
import { dismissing } from "./phases/dismissing.ts";
import { asking } from "./phases/asking.ts";
import { checking, leaving } from "./phases/leaving.ts";
import { backoff, idle } from "./phases/idle.ts";
import { running, starting } from "./phases/running.ts";
import { settling } from "./phases/settling.ts";
import type { Memory, Phase, State } from "./state.ts";
import { type Handlers, ignore, type Step } from "./step.ts";

const ended = Object.fromEntries(
  Object.keys(idle).map((type) => [type, ignore]),
) as unknown as Handlers<"ended">;

const table: { readonly [N in Phase["name"]]: Handlers<N> } = {
  idle,
  backoff,
  settling,
  starting,
  running,
  booting,
  dismissing,
  asking,
  checking,
  leaving,
  ended,
};

/** The answer to one event: the next state, and what is to be done. Pure and total. */
export function transition(state: State, event: Event): readonly [State, readonly Effect[]] {
  const handlers = table[state.phase.name] as unknown as Record<
    Event["type"],
    (memory: Memory, phase: Phase, event: Event) => Step
  >;
  const { memory, phase, effects } = handlers[event.type](
    withCalm(state.memory, event),
    state.phase,
    event,
  );
  return [{ memory, phase }, effects];
}

function withCalm(memory: Memory, event: Event): Memory {
  if (event.type === "changed") return { ...memory, calm: false };
  return event.type === "settled" ? { ...memory, calm: true } : memory;
}
