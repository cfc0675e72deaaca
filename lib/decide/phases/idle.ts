/** Nothing runs: `idle` waits for a change, `backoff` also for its time. */
import { spawnSole } from "../arrive.ts";
import { endAsked } from "../ending.ts";
import type { EventOf } from "../event.ts";
import { handoff } from "../handoff.ts";
import type { Memory, Phase } from "../state.ts";
import { after, type Handlers, ignore, noteMisspoken, type Step, step } from "../step.ts";

function wake(memory: Memory, phase: Phase, event: EventOf<"changed">): Step {
  const { attempted } = memory;
  const paths = attempted === null ? event.paths : event.differs.get(attempted) ?? [];
  if (paths.length === 0) return step(memory, phase);
  const next = handoff("change", attempted, paths, { changed: event.firstAt });
  return step(memory, { name: "settling", live: null, handoff: next });
}

function startNow(memory: Memory, _phase: Phase, event: { at: number }): Step {
  const reason = memory.attempted === null ? "first" : "restart";
  return spawnSole(memory, handoff(reason, memory.attempted, [], {}), event.at);
}

function stop(memory: Memory, _phase: Phase, event: EventOf<"stop">): Step {
  return endAsked(memory, event.by);
}

const resting = {
  changed: wake,
  rewritten: ignore,
  settled: ignore,
  restart: startNow,
  stop,
  hello: ignore,
  ready: ignore,
  stopping: ignore,
  stopped: ignore,
  failed: ignore,
  saved: ignore,
  refused: ignore,
  disconnected: ignore,
  misspoke: noteMisspoken,
  checked: ignore,
  spawned: ignore,
  unstartable: ignore,
  exited: ignore,
  gone: ignore,
  deadline: ignore,
} satisfies Handlers<"idle" | "backoff">;

export const idle: Handlers<"idle"> = resting;

const cancelBackoff = { type: "cancel", timer: "backoff" } as const;

export const backoff: Handlers<"backoff"> = {
  ...resting,
  changed: (memory, phase, event) => {
    const woken = wake(memory, phase, event);
    return woken.phase.name === "backoff" ? woken : after([cancelBackoff], woken);
  },
  restart: (memory, phase, event) => after([cancelBackoff], startNow(memory, phase, event)),
  stop: (memory, phase, event) => after([cancelBackoff], stop(memory, phase, event)),
  deadline: (memory, phase, event) =>
    event.timer === "backoff"
      ? spawnSole(memory, handoff("crash", memory.attempted, [], {}), event.at)
      : step(memory, phase),
};
