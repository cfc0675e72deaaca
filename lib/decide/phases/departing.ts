/** What the phases of a generation that goes have in common. */
import { failedCandidate } from "../arrive.ts";
import { departing, isLeftToOthers } from "../depart.ts";
import type { Fact } from "../effect.ts";
import type { EventOf } from "../event.ts";
import { marked } from "../handoff.ts";
import type { Memory, PhaseOf } from "../state.ts";
import {
  disconnect,
  greeted,
  ignore,
  keepUnasked,
  noteMisspoken,
  report,
  type Step,
  step,
  withGeneration,
} from "../step.ts";

type DepartingPhase = PhaseOf<"asking" | "checking" | "leaving">;

type Trouble = Extract<Fact, { type: "hook" }>["trouble"];

export function trouble(memory: Memory, phase: DepartingPhase, trouble: Trouble) {
  const { number } = phase.old;
  const { changed } = phase.handoff;
  return report({ type: "hook", generation: number, changed, trouble, state: memory.best });
}

export function ofOld(phase: DepartingPhase, event: { generation: number }): boolean {
  return phase.old.number === event.generation;
}

/** The candidate, or one that is already being ended, is no more. */
export function loseOther(memory: Memory, phase: DepartingPhase, event: EventOf<"exited">): Step {
  const { candidate } = phase;
  if (candidate === null || candidate.number !== event.generation) return step(memory, phase);
  const { status, lines } = event;
  // As the old one was left, so may the candidate be.
  if (phase.old.ended !== null && isLeftToOthers(event)) {
    return step(memory, { ...phase, candidate: { ...candidate, ended: status } });
  }
  const fact = failedCandidate(candidate, event.at, { why: "exited", status, lines });
  const kill = { type: "kill", generation: candidate.number } as const;
  return step(memory, { ...without(phase), dying: candidate }, report(fact), kill);
}

export function buryOther(memory: Memory, phase: DepartingPhase, event: EventOf<"gone">): Step {
  const { candidate, dying } = phase;
  if (dying?.number === event.generation) return step(memory, { ...phase, dying: null });
  if (candidate?.number !== event.generation) return step(memory, phase);
  const fact = failedCandidate(candidate, event.at, { why: "exited", status: candidate.ended });
  return step(memory, without(phase), report(fact));
}

/** What comes next is no longer there: it is spawned once the old one is gone. */
function without<P extends DepartingPhase>(phase: P): P {
  const { spawned: _, barrier: __, ...marks } = phase.handoff.marks;
  return { ...phase, candidate: null, handoff: { ...phase.handoff, mode: "sequential", marks } };
}

/** A candidate that has no barrier, or does not wait at it, may be ready before its turn. */
function readyEarly(memory: Memory, phase: DepartingPhase, event: EventOf<"ready">): Step {
  const { candidate } = phase;
  return candidate?.number === event.generation
    ? step(memory, { ...phase, candidate: { ...candidate, readyAt: event.at } })
    : step(memory, phase);
}

/** Asked to stop while a handoff is under way: it goes on, but nothing comes after; again: at once. */
function stop(memory: Memory, phase: DepartingPhase, event: EventOf<"stop">): Step {
  const { candidate } = phase;
  if (phase.purpose.kind === "stop") {
    const effects = [phase.old, phase.dying]
      .filter((one) => one !== null)
      .map(({ number }) => ({ type: "kill", generation: number }) as const);
    return step(memory, { ...departing(phase), name: "leaving", pressure: "killed" }, ...effects);
  }
  const purpose = { kind: "stop", by: event.by } as const;
  const said = report({ type: "stopping", generation: phase.old.number, by: event.by });
  if (candidate === null) return step(memory, { ...phase, purpose }, said);
  return step(memory, { ...phase, purpose, candidate: null, dying: candidate }, said, {
    type: "kill",
    generation: candidate.number,
  });
}

function greet(memory: Memory, phase: DepartingPhase, event: EventOf<"hello">): Step {
  const next = withGeneration(phase, event.generation, (one) => greeted(one, event));
  if (phase.candidate?.number !== event.generation) return step(memory, next);
  return step(memory, { ...next, handoff: marked(phase.handoff, "barrier", event.at) });
}

export const shared = {
  changed: ignore,
  rewritten: ignore,
  settled: ignore,
  restart: ignore,
  stop,
  hello: greet,
  ready: readyEarly,
  stopping: ignore,
  stopped: ignore,
  failed: ignore,
  saved: ignore,
  refused: ignore,
  disconnected: disconnect,
  misspoke: noteMisspoken,
  checked: keepUnasked,
  spawned: ignore,
  unstartable: ignore,
  gone: buryOther,
  deadline: ignore,
};
