/** Files changed; what cannot be taken back waits until they have settled. */
import {
  noteReadyMeanwhile,
  noteSpawned,
  open,
  openLate,
  overlaps,
  spawnCandidate,
  spawnSole,
} from "../arrive.ts";
import { ask, departure, leaderExited, NOBODY, vanish } from "../depart.ts";
import { endAsked } from "../ending.ts";
import type { EventOf } from "../event.ts";
import type { Handoff } from "../handoff.ts";
import type { Generation, Memory, Phase, PhaseOf } from "../state.ts";
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
import { takeBack } from "../tries.ts";

type Settling = PhaseOf<"settling">;

/** Live with nothing under way. */
export function alone(live: Generation): Phase {
  return live.readyAt === null && live.openedAt !== null
    ? { name: "starting", live }
    : { name: "running", live };
}

/** Whether a program is to run whatever the files hold: one was ended for it, or it is started after a crash. */
function isOwed({ crashes }: Memory, { marks }: Handoff): boolean {
  return marks.gone !== undefined || crashes > 0;
}

function change(memory: Memory, phase: Settling, event: EventOf<"changed">): Step {
  const base = phase.live?.number ?? memory.attempted;
  const changed = base === null ? event.paths : event.differs.get(base) ?? [];
  if (changed.length > 0) {
    return step(memory, { ...phase, handoff: { ...phase.handoff, changed } });
  }
  const { live } = phase;
  if (live !== null) return takeBack(memory, live, alone(live));
  return isOwed(memory, phase.handoff) ? step(memory, phase) : step(memory, { name: "idle" });
}

/** The files are quiet: what they are for is done. */
export function act(memory: Memory, phase: Settling, event: { at: number }): Step {
  const { live, handoff } = phase;
  if (live === null) return spawnSole(memory, handoff, event.at);
  const overlapping = overlaps(memory, live);
  if (overlapping === true) return spawnCandidate(memory, live, handoff, event.at);
  const asked = ask(memory, departure(live, { kind: "replace" }, handoff), event.at);
  if (memory.policy.handoff !== "overlapped") return asked;
  const { number } = live;
  return after([report({ type: "not overlapped", generation: number, why: overlapping })], asked);
}

function stop(memory: Memory, phase: Settling, event: EventOf<"stop">): Step {
  const { live, handoff } = phase;
  if (live === null) return endAsked(memory, event.by);
  return ask(memory, departure(live, { kind: "stop", by: event.by }, handoff), event.at);
}

function greet(memory: Memory, phase: Settling, event: EventOf<"hello">): Step {
  if (phase.live === null || phase.live.number !== event.generation) return step(memory, phase);
  const live = greeted(phase.live, event);
  if (live.openedAt !== null) {
    return step(memory, { ...phase, live }, ...openLate(memory, phase.live, event));
  }
  const opened = open(memory, live, live.arrival, event.at);
  return opened.phase.name === "starting"
    ? { ...opened, phase: { ...phase, live: opened.phase.live } }
    : opened;
}

function exit(memory: Memory, phase: Settling, event: EventOf<"exited">): Step {
  if (phase.live === null || phase.live.number !== event.generation) return step(memory, phase);
  return leaderExited(memory, phase, phase.live, event);
}

export const settling: Handlers<"settling"> = {
  ...saysUnasked,
  changed: change,
  rewritten: ignore,
  settled: act,
  restart: act,
  stop,
  hello: greet,
  ready: noteReadyMeanwhile,
  spawned: noteSpawned,
  unstartable: ignore,
  exited: exit,
  gone: (memory, phase, event) =>
    phase.live?.number === event.generation
      ? vanish(memory, phase.live, NOBODY, event)
      : step(memory, phase),
  deadline: ignore,
};
