/** Two generations: live serves while a candidate boots (`booting`) or is being ended (`dismissing`). */
import { noteReadyMeanwhile, noteSpawned, openLate } from "../arrive.ts";
import { ask, collapse, departure } from "../depart.ts";
import type { Fact } from "../effect.ts";
import type { EventOf } from "../event.ts";
import { again, type Handoff, handoff, marked } from "../handoff.ts";
import type { Generation, Memory, PhaseOf } from "../state.ts";
import {
  after,
  greeted,
  type Handlers,
  ignore,
  report,
  saysUnasked,
  type Step,
  step,
} from "../step.ts";
import { abandonTry, secondTry, wasTried } from "../tries.ts";
import { act, alone } from "./settling.ts";

type Booting = PhaseOf<"booting">;
type Dismissing = PhaseOf<"dismissing">;

/** Live is asked once the candidate is at the barrier and the files are quiet. */
function proceed(memory: Memory, phase: Booting, at: number): Step {
  const { live, candidate } = phase;
  if (candidate.arrival.marks.barrier === undefined || !memory.calm) return step(memory, phase);
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

function failure(
  phase: Booting,
  why: Extract<Fact, { type: "candidate failed" }>["why"],
  at: number,
  detail: Partial<Extract<Fact, { type: "candidate failed" }>> = {},
): Fact {
  return {
    type: "candidate failed",
    generation: phase.candidate.number,
    live: phase.live.number,
    changed: phase.candidate.arrival.changed,
    why,
    status: null,
    uptimeMs: at - phase.candidate.spawnedAt,
    detail: "",
    lines: [],
    ...detail,
  };
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
  if (event.generation === live.number) {
    return collapse(memory, live, { candidate, dying: null }, event);
  }
  if (event.generation !== candidate.number) return step(memory, phase);
  const { status, lines } = event;
  return giveUp(memory, phase, failure(phase, "exited", event.at, { status, lines }));
}

const besideLive = {
  ...saysUnasked,
  restart: ignore,
  ready: noteReadyMeanwhile,
};

function stop(
  memory: Memory,
  { live }: Booting | Dismissing,
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
      stop(memory, phase, phase.candidate, event),
    ),
  hello: greet,
  spawned: noteSpawned,
  unstartable: (memory, phase, event) =>
    event.generation === phase.candidate.number
      ? step(
        memory,
        alone(phase.live),
        { type: "cancel", timer: `boot ${event.generation}` },
        report(failure(phase, "unstartable", event.at, { detail: event.why })),
        { type: "compare" },
      )
      : step(memory, phase),
  exited: exit,
  gone: ignore,
  deadline: (memory, phase, event) =>
    event.timer === `boot ${phase.candidate.number}`
      ? giveUp(memory, phase, failure(phase, "late", event.at))
      : step(memory, phase),
};

function reconsider(memory: Memory, phase: Dismissing, event: EventOf<"changed">): Step {
  const { live } = phase;
  const paths = event.differs.get(live.number) ?? [];
  if (paths.length === 0) return step(abandonTry(memory, live), { ...phase, retry: null });
  if (wasTried(memory, live, event)) return step(memory, { ...phase, retry: null });
  const changed = phase.retry?.marks.changed ?? event.firstAt;
  return step(memory, { ...phase, retry: handoff("change", live.number, paths, { changed }) });
}

function doubtFailed(memory: Memory, phase: Dismissing, event: EventOf<"rewritten">): Step {
  return step(memory, { ...phase, retry: phase.retry ?? secondTry(memory, event) });
}

function replace(memory: Memory, phase: Dismissing, event: EventOf<"gone">): Step {
  const { live, dying, retry } = phase;
  if (event.generation !== dying.number) return step(memory, phase);
  if (retry === null) return step(memory, alone(live), { type: "compare" });
  const settling = { name: "settling", live, handoff: retry } as const;
  return memory.calm ? act(memory, settling, event) : step(memory, settling);
}

export const dismissing: Handlers<"dismissing"> = {
  ...besideLive,
  changed: reconsider,
  rewritten: doubtFailed,
  settled: ignore,
  stop: (memory, phase, event) => stop(memory, phase, phase.dying, event),
  hello: (memory, phase, event) =>
    event.generation === phase.live.number
      ? step(
        memory,
        { ...phase, live: greeted(phase.live, event) },
        ...openLate(memory, phase.live, event),
      )
      : step(memory, phase),
  spawned: ignore,
  unstartable: ignore,
  exited: (memory, phase, event) =>
    event.generation === phase.live.number
      ? collapse(memory, phase.live, { candidate: null, dying: phase.dying }, event)
      : step(memory, phase),
  gone: replace,
  deadline: ignore,
};
