/** Two generations: live serves while a candidate boots, or waits at the barrier. */
import {
  bootTimer,
  failedCandidate,
  noteReadyMeanwhile,
  noteSpawned,
  openLate,
} from "../arrive.ts";
import { ask, departure, isLeftToOthers, leaderExited, vanish } from "../depart.ts";
import type { Fact } from "../effect.ts";
import type { EventOf } from "../event.ts";
import { again, type Handoff, handoff, marked } from "../handoff.ts";
import type { Generation, Memory, PhaseOf } from "../state.ts";
import {
  after,
  forgetParticipant,
  greeted,
  type Handlers,
  ignore,
  report,
  saysUnasked,
  type Step,
  step,
} from "../step.ts";
import { abandonTry } from "../tries.ts";
import { alone } from "./settling.ts";

type Booting = PhaseOf<"booting">;

/** Live is asked once the candidate is at the barrier and the files are quiet. */
function proceed(memory: Memory, phase: Booting, at: number): Step {
  const { live, candidate } = phase;
  if (candidate.participants.length === 0 || !memory.calm) return step(memory, phase);
  const purpose = { kind: "replace" } as const;
  return ask(
    memory,
    { old: live, candidate, dying: null, purpose, handoff: candidate.arrival },
    at,
  );
}

/** Ends a candidate that came to nothing. */
function giveUp(memory: Memory, phase: Booting, fact: Fact): Step {
  return dismiss({ ...memory, failed: phase.candidate.arrival }, phase, null, fact);
}

/** Ends the candidate; `retry` is what a next one would be for. */
function dismiss(memory: Memory, phase: Booting, retry: Handoff | null, fact: Fact): Step {
  const { live, candidate } = phase;
  const { number } = candidate;
  return step(
    memory,
    { name: "dismissing", live, dying: candidate, retry },
    { type: "cancel", timer: `boot ${number}` },
    report(fact),
    { type: "kill", generation: number },
  );
}

function outdate(memory: Memory, phase: Booting, event: EventOf<"changed">): Step {
  const { live, candidate } = phase;
  if ((event.differs.get(candidate.number) ?? []).length === 0) return step(memory, phase);
  const paths = event.differs.get(live.number) ?? [];
  const { changed } = candidate.arrival.marks;
  const retry = paths.length === 0
    ? null
    : handoff("change", live.number, paths, { changed: changed ?? event.firstAt });
  return dismiss(abandonTry(memory, live), phase, retry, {
    type: "candidate outdated",
    generation: candidate.number,
  });
}

/** What it has read may not be what is there: it makes way for another, which is taken at its word. */
function doubt(memory: Memory, phase: Booting, event: EventOf<"rewritten">): Step {
  const { live, candidate } = phase;
  if (event.generation !== candidate.number || candidate.arrival.again) return step(memory, phase);
  return dismiss(abandonTry(memory, live), phase, again(candidate.arrival, event.at), {
    type: "candidate outdated",
    generation: candidate.number,
  });
}

function greet(memory: Memory, phase: Booting, event: EventOf<"hello">): Step {
  const { live, candidate } = phase;
  if (event.generation === candidate.number) {
    const arrived = {
      ...greeted(candidate, event),
      arrival: marked(candidate.arrival, "barrier", event.at),
    };
    const next = proceed(memory, { ...phase, candidate: arrived }, event.at);
    return after([{ type: "cancel", timer: `boot ${candidate.number}` }], next);
  }
  if (event.generation !== live.number) return step(memory, phase);
  return step(memory, { ...phase, live: greeted(live, event) }, ...openLate(memory, live, event));
}

function exit(memory: Memory, phase: Booting, event: EventOf<"exited">): Step {
  const { live, candidate } = phase;
  const { status, lines } = event;
  if (event.generation === live.number) {
    return leaderExited(memory, phase, live, event, { candidate, dying: null });
  }
  if (event.generation !== candidate.number) return step(memory, phase);
  // As live was left, so may the candidate be.
  if (live.ended !== null && isLeftToOthers(event)) {
    return step(memory, { ...phase, candidate: { ...candidate, ended: status } });
  }
  return giveUp(
    memory,
    phase,
    failedCandidate(candidate, event.at, { live: live.number, why: "exited", status, lines }),
  );
}

function gone(memory: Memory, phase: Booting, event: EventOf<"gone">): Step {
  const { live, candidate } = phase;
  if (event.generation === live.number) {
    return vanish(memory, live, { candidate, dying: null }, event);
  }
  if (event.generation !== candidate.number) return step(memory, phase);
  const { ended: status } = candidate;
  const fact = failedCandidate(candidate, event.at, { live: live.number, why: "exited", status });
  return carryOn({ ...memory, failed: candidate.arrival }, phase, fact);
}

/** The candidate is no more, or never was: live goes on alone. */
function carryOn(memory: Memory, { live, candidate }: Booting, fact: Fact): Step {
  return step(
    memory,
    alone(live),
    { type: "cancel", timer: `boot ${candidate.number}` },
    report(fact),
    { type: "compare" },
  );
}

/** One whose pipe is closed is at the barrier no more, and its time runs again. */
function disconnect(memory: Memory, phase: Booting, event: EventOf<"disconnected">): Step {
  const next = forgetParticipant(phase, event);
  const { candidate } = next;
  const isLost = event.generation === candidate.number && candidate.participants.length === 0;
  return step(memory, next, ...isLost ? [bootTimer(memory, candidate)] : []);
}

function tellSlow(memory: Memory, phase: Booting, { at }: EventOf<"deadline">): Step {
  const { live: { number: live }, candidate } = phase;
  const { number: generation, participants, spawnedAt } = candidate;
  if (participants.length > 0) return step(memory, phase);
  const about = { uptimeMs: at - spawnedAt, limitMs: memory.policy.bootTimeoutMs };
  return step(memory, phase, report({ type: "slow", generation, live, ...about }));
}

/** A candidate that has no barrier is ready before its turn. */
function ready(memory: Memory, phase: Booting, event: EventOf<"ready">): Step {
  const { candidate } = phase;
  return candidate.number === event.generation
    ? step(memory, { ...phase, candidate: { ...candidate, readyAt: event.at } })
    : noteReadyMeanwhile(memory, phase, event);
}

export const besideLive = {
  ...saysUnasked,
  restart: ignore,
  ready: noteReadyMeanwhile,
};

export function stopBeside(
  memory: Memory,
  { live }: Booting | PhaseOf<"dismissing">,
  dying: Generation,
  event: EventOf<"stop">,
): Step {
  const next = handoff("restart", live.number, [], {});
  return ask(memory, departure(live, { kind: "stop", by: event.by }, next, dying), event.at);
}

export const booting: Handlers<"booting"> = {
  ...besideLive,
  changed: outdate,
  rewritten: doubt,
  settled: (memory, phase, event) => proceed(memory, phase, event.at),
  stop: (memory, phase, event) =>
    after(
      [{ type: "kill", generation: phase.candidate.number }],
      stopBeside(memory, phase, phase.candidate, event),
    ),
  hello: greet,
  ready,
  disconnected: disconnect,
  spawned: noteSpawned,
  unstartable: (memory, phase, event) => {
    const { live, candidate } = phase;
    if (event.generation !== candidate.number) return step(memory, phase);
    const about = { live: live.number, why: "unstartable", detail: event.why } as const;
    return carryOn(memory, phase, failedCandidate(candidate, event.at, about));
  },
  exited: exit,
  gone,
  deadline: (memory, phase, event) => {
    const { live, candidate } = phase;
    if (event.timer === `slow ${candidate.number}`) return tellSlow(memory, phase, event);
    if (event.timer !== `boot ${candidate.number}`) return step(memory, phase);
    const about = { live: live.number, why: "late" } as const;
    return giveUp(memory, phase, failedCandidate(candidate, event.at, about));
  },
};
