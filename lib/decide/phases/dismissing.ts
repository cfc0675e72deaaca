/** Two generations: live serves while one that was a candidate is being ended. */
import { openLate } from "../arrive.ts";
import { leaderExited, vanish } from "../depart.ts";
import type { EventOf } from "../event.ts";
import { handoff } from "../handoff.ts";
import type { Memory, PhaseOf } from "../state.ts";
import { greeted, type Handlers, ignore, type Step, step } from "../step.ts";
import { secondTry, takeBack, wasTried } from "../tries.ts";
import { besideLive, stopBeside } from "./booting.ts";
import { act, alone } from "./settling.ts";

type Dismissing = PhaseOf<"dismissing">;

function reconsider(memory: Memory, phase: Dismissing, event: EventOf<"changed">): Step {
  const { live } = phase;
  const paths = event.differs.get(live.number) ?? [];
  if (paths.length === 0) return takeBack(memory, live, { ...phase, retry: null });
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
  stop: (memory, phase, event) => stopBeside(memory, phase, phase.dying, event),
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
      ? leaderExited(memory, phase, phase.live, event, { candidate: null, dying: phase.dying })
      : step(memory, phase),
  gone: (memory, phase, event) =>
    event.generation === phase.live.number
      ? vanish(memory, phase.live, { candidate: null, dying: phase.dying }, event)
      : replace(memory, phase, event),
  deadline: ignore,
};
