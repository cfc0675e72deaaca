/** One generation, and nothing else under way: `starting` until it is ready, then `running`. */
import { becomeReady, noteSpawned, open, openLate, overlaps, spawnCandidate } from "../arrive.ts";
import { ask, departure, leaderExited, NOBODY, vanish } from "../depart.ts";
import { end } from "../ending.ts";
import { EXIT } from "../../errors.ts";
import type { EventOf } from "../event.ts";
import { handoff } from "../handoff.ts";
import type { Memory, PhaseOf } from "../state.ts";
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
import { secondTry, takeBack, wasTried } from "../tries.ts";

type Alone = PhaseOf<"starting"> | PhaseOf<"running">;

function change(memory: Memory, phase: Alone, event: EventOf<"changed">): Step {
  const { live } = phase;
  const paths = event.differs.get(live.number) ?? [];
  if (paths.length === 0) return takeBack(memory, live, phase);
  if (wasTried(memory, live, event)) return step(memory, phase);
  const next = handoff("change", live.number, paths, { changed: event.firstAt });
  return overlaps(memory, live) === true
    ? spawnCandidate(memory, live, next, event.at)
    : step(memory, { name: "settling", live, handoff: next });
}

function tryAgain(memory: Memory, phase: Alone, event: EventOf<"rewritten">): Step {
  const next = secondTry(memory, event);
  return next !== null && overlaps(memory, phase.live) === true
    ? spawnCandidate(memory, phase.live, next, event.at)
    : step(memory, phase);
}

function restart(memory: Memory, { live }: Alone, event: EventOf<"restart">): Step {
  const next = handoff("restart", live.number, [], { changed: event.at });
  if (overlaps(memory, live) === true) return spawnCandidate(memory, live, next, event.at);
  return ask(memory, departure(live, { kind: "replace" }, next), event.at);
}

function stop(memory: Memory, { live }: Alone, event: EventOf<"stop">): Step {
  const next = handoff("restart", live.number, [], {});
  return ask(memory, departure(live, { kind: "stop", by: event.by }, next), event.at);
}

function greet(memory: Memory, phase: Alone, event: EventOf<"hello">): Step {
  if (phase.live.number !== event.generation) return step(memory, phase);
  const live = greeted(phase.live, event);
  if (live.openedAt === null) {
    const lastReady = live.readyAt === null ? memory.lastReady : live.arrival.from;
    return open({ ...memory, lastReady }, { ...live, readyAt: null }, live.arrival, event.at);
  }
  return step(memory, { ...phase, live }, ...openLate(memory, phase.live, event));
}

function unstartable(memory: Memory, phase: Alone, event: EventOf<"unstartable">): Step {
  const { generation, code, why } = event;
  if (generation !== phase.live.number) return step(memory, phase);
  const fact = report({ type: "unstartable", generation, code, why });
  if (generation === 1) {
    return after([fact], end(memory, code === "ENOENT" ? EXIT.notFound : EXIT.cannotRun));
  }
  return step(
    memory,
    { name: "idle" },
    { type: "cancel", timer: `boot ${generation}` },
    fact,
    { type: "compare" },
  );
}

/** The leading process ended: with status 0 and others of its tree alive, the program goes on in those. */
function exit(memory: Memory, phase: Alone, event: EventOf<"exited">): Step {
  const { live } = phase;
  if (live.number !== event.generation) return step(memory, phase);
  return leaderExited(memory, phase, live, event);
}

function gone(memory: Memory, phase: Alone, event: EventOf<"gone">): Step {
  return phase.live.number === event.generation
    ? vanish(memory, phase.live, NOBODY, event)
    : step(memory, phase);
}

const alone = {
  ...saysUnasked,
  changed: change,
  rewritten: tryAgain,
  settled: ignore,
  restart,
  stop,
  hello: greet,
  ready: ignore,
  spawned: noteSpawned,
  unstartable,
  exited: exit,
  gone,
  deadline: ignore,
} satisfies Handlers<"starting" | "running">;

export const running: Handlers<"running"> = alone;

export const starting: Handlers<"starting"> = {
  ...alone,
  ready: (memory, phase, event) =>
    event.generation === phase.live.number
      ? becomeReady(memory, phase.live, event.at, true)
      : step(memory, phase),
  deadline: (memory, phase, event) => {
    if (event.timer !== `boot ${phase.live.number}`) return step(memory, phase);
    const late = report({ type: "late", generation: phase.live.number, step: "ready" });
    return after([late], becomeReady(memory, phase.live, event.at, false));
  },
};
