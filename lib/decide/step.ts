import type { Effect, Fact } from "./effect.ts";
import type { Event, EventOf } from "./event.ts";
import type { Generation, Memory, Phase, PhaseOf } from "./state.ts";

/** The answer to one event. */
export interface Step {
  readonly memory: Memory;
  readonly phase: Phase;
  readonly effects: readonly Effect[];
}

export type Handler<N extends Phase["name"], T extends Event["type"]> = (
  memory: Memory,
  phase: PhaseOf<N>,
  event: EventOf<T>,
) => Step;

/** One answer to every event: a missing one does not compile. */
export type Handlers<N extends Phase["name"]> = {
  readonly [T in Event["type"]]: Handler<N, T>;
};

export function step(memory: Memory, phase: Phase, ...effects: Effect[]): Step {
  return { memory, phase, effects };
}

/** The same step with these effects before its own. */
export function after(effects: readonly Effect[], next: Step): Step {
  return { ...next, effects: [...effects, ...next.effects] };
}

export function report(fact: Fact): Effect {
  return { type: "report", fact };
}

export function ignore(memory: Memory, phase: Phase): Step {
  return step(memory, phase);
}

/** Reports what did not fit the protocol; the channel has dealt with it. */
export function noteMisspoken(memory: Memory, phase: Phase, event: EventOf<"misspoke">): Step {
  const { generation, what } = event;
  return step(memory, phase, report({ type: "misspoke", generation, what }));
}

type Slot = "live" | "old" | "candidate" | "dying";

/** The phase with one generation in it changed, wherever it stands. */
export function withGeneration<P extends Phase>(
  phase: P,
  number: number,
  change: (generation: Generation) => Generation,
): P {
  for (const slot of ["live", "old", "candidate", "dying"] as const) {
    const generation = (phase as Partial<Record<Slot, Generation | null>>)[slot];
    if (generation?.number === number) return { ...phase, [slot]: change(generation) };
  }
  return phase;
}

/** A participant's connection ended; whoever waits for it has its own handler. */
export function forgetParticipant<P extends Phase>(phase: P, event: EventOf<"disconnected">): P {
  return withGeneration(phase, event.generation, (generation) => ({
    ...generation,
    participants: generation.participants.filter((one) => one !== event.participant),
  }));
}

export function disconnect(memory: Memory, phase: Phase, event: EventOf<"disconnected">): Step {
  return step(memory, forgetParticipant(phase, event));
}

/** A generation after a hello of one of its participants. */
export function greeted(generation: Generation, event: EventOf<"hello">): Generation {
  const { participant, capabilities } = event;
  const known = generation.participants.includes(participant);
  return {
    ...generation,
    spoke: true,
    participants: known ? generation.participants : [...generation.participants, participant],
    capabilities: participant === 0 ? capabilities : generation.capabilities,
  };
}

/** It saved, and nobody waits for that: have it read back. */
export function checkUnasked(memory: Memory, phase: Phase, event: EventOf<"saved">): Step {
  return event.participant === 0
    ? step(memory, phase, { type: "check", claim: event })
    : step(memory, phase);
}

/** Live saved a checkpoint, or its last state because someone else had it end. */
function savedUnasked(memory: Memory, phase: Phase, event: EventOf<"saved">): Step {
  const { live } = phase as { live?: Generation | null };
  return live?.number === event.generation
    ? checkUnasked(memory, phase, event)
    : step(memory, phase);
}

/** What was saved without being asked for was read back. */
export function keepUnasked(memory: Memory, phase: Phase, event: EventOf<"checked">): Step {
  const { generation, reading } = event;
  if (reading.found === "good") {
    const state = { path: reading.path, envelope: reading.envelope };
    return step(
      { ...memory, best: state },
      phase,
      report({ type: "checkpoint", generation, state }),
    );
  }
  const why = reading.found === "missing" ? "No file is there" : reading.why;
  return step(
    memory,
    phase,
    report({ type: "distrusted", generation, found: reading.found, why, state: memory.best }),
  );
}

/** What a generation may say while nobody has asked it to go. */
export const saysUnasked = {
  stopping: ignore,
  stopped: ignore,
  failed: ignore,
  saved: savedUnasked,
  refused: ignore,
  disconnected: disconnect,
  misspoke: noteMisspoken,
  checked: keepUnasked,
};
