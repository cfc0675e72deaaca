/** How a generation comes: spawned, at the barrier, open, ready. */
import type { Effect, Fact } from "./effect.ts";
import type { EventOf } from "./event.ts";
import { type Handoff, marked, timings } from "./handoff.ts";
import type { Generation, Memory, Phase } from "./state.ts";
import { after, report, type Step, step } from "./step.ts";

/** A candidate that is not at the barrier by then is told of: whoever saved waits for it. */
const SLOW_MS = 5_000;

function spawn(memory: Memory, handoff: Handoff, at: number): [Memory, Generation] {
  const generation: Generation = {
    number: memory.next,
    spawnedAt: at,
    participants: [],
    spoke: false,
    capabilities: [],
    openedAt: null,
    readyAt: null,
    ended: null,
    arrival: marked(marked(handoff, "acted", at), "spawned", at),
  };
  return [
    { ...memory, next: memory.next + 1, attempted: generation.number, failed: null },
    generation,
  ];
}

function spawning(generation: Generation, state: Memory["best"]): Effect {
  const { reason, changed } = generation.arrival;
  return { type: "spawn", generation: generation.number, reason, changed, state };
}

export function bootTimer(memory: Memory, { number }: Generation): Effect {
  return { type: "timer", timer: `boot ${number}`, ms: memory.policy.bootTimeoutMs };
}

/** Starts the only generation. */
export function spawnSole(memory: Memory, handoff: Handoff, at: number): Step {
  const [next, live] = spawn(memory, handoff, at);
  const effects = [spawning(live, memory.best)];
  if (announces(memory)) effects.push(bootTimer(memory, live));
  effects.push(...probing(memory, live));
  return step(next, { name: "starting", live }, ...effects);
}

function probing({ probed }: Memory, { number }: Generation): Effect[] {
  return probed ? [{ type: "probe", generation: number }] : [];
}

/** Whether baton expects to be told that the program is ready; otherwise its start counts. */
function announces(memory: Memory): boolean {
  return memory.probed || memory.speaks;
}

/** A generation's process has started; one that announces nothing is ready by that. */
export function noteSpawned(memory: Memory, phase: Phase, event: EventOf<"spawned">): Step {
  const slots = phase as { live?: Generation | null; candidate?: Generation | null };
  const { generation } = event;
  const spawned = [slots.live, slots.candidate].find((one) => one?.number === generation);
  if (!spawned) return step(memory, phase);
  const { reason, mode } = spawned.arrival;
  const state = spawned === slots.candidate ? null : memory.best;
  const started = report({ type: "started", generation, reason, mode, state });
  if (spawned === slots.candidate || announces(memory) || spawned.readyAt !== null) {
    return step(memory, phase, started);
  }
  const [next, live, effects] = noteReady(memory, spawned, event.at, false);
  const alone = phase.name === "starting" || phase.name === "running";
  return alone
    ? step(next, { name: "running", live }, started, ...effects, { type: "compare" })
    : step(next, { ...phase, live } as Phase, started, ...effects);
}

/** Boots the next generation while live serves. */
export function spawnCandidate(
  memory: Memory,
  live: Generation,
  handoff: Handoff,
  at: number,
): Step {
  const [next, candidate] = spawn(memory, { ...handoff, mode: "overlapped" }, at);
  return step(
    next,
    { name: "booting", live, candidate },
    spawning(candidate, null),
    bootTimer(memory, candidate),
    { type: "timer", timer: `slow ${candidate.number}`, ms: SLOW_MS },
  );
}

/** Whether the next generation may boot beside this one; otherwise why not. */
export function overlaps(memory: Memory, live: Generation): true | string {
  if (memory.policy.handoff === "sequential") return "it was asked to be sequential";
  if (live.openedAt === null || live.participants.length === 0) {
    return "it does not speak on the pipe";
  }
  if (live.capabilities.includes("exclusive")) return "it runs exclusively";
  if (!live.capabilities.includes("handoff")) return "it has no barrier";
  return true;
}

/** Opens the barrier to every participant that has reached it. */
export function open(memory: Memory, live: Generation, handoff: Handoff, at: number): Step {
  // A program that was taken for ready by its start alone is not, once it has said hello.
  const unready = { ...handoff, marks: { ...handoff.marks, ready: undefined } };
  const opened: Generation = {
    ...live,
    openedAt: at,
    arrival: marked(marked(unready, "barrier", at), "opened", at),
  };
  const effects: Effect[] = live.participants.map((participant) =>
    openOne(memory, opened, participant)
  );
  effects.push(bootTimer(memory, live), ...probing(memory, live));
  return step({ ...memory, speaks: true }, { name: "starting", live: opened }, ...effects);
}

type Failed = Extract<Fact, { type: "candidate failed" }>;

/** What is told of a candidate that did not come up; `live` is null where nobody goes on serving. */
export function failedCandidate(
  candidate: Generation,
  at: number,
  about: Pick<Failed, "why"> & Partial<Failed>,
): Failed {
  return {
    type: "candidate failed",
    generation: candidate.number,
    live: null,
    changed: candidate.arrival.changed,
    status: null,
    uptimeMs: at - candidate.spawnedAt,
    detail: "",
    lines: [],
    ...about,
  };
}

/** The candidate is the only generation now: its barrier opens, or its boot goes on. */
export function takeOver(
  memory: Memory,
  candidate: Generation,
  handoff: Handoff,
  at: number,
): Step {
  if (candidate.spoke) {
    const opened = open(memory, candidate, handoff, at);
    return candidate.readyAt === null || opened.phase.name !== "starting"
      ? opened
      : after(opened.effects, becomeReady(opened.memory, opened.phase.live, at, true));
  }
  const live = { ...candidate, arrival: handoff };
  return step(
    memory,
    { name: "starting", live },
    bootTimer(memory, live),
    ...probing(memory, live),
    { type: "compare" },
  );
}

function openOne(memory: Memory, live: Generation, participant: number): Effect {
  const { reason, changed } = live.arrival;
  const state = memory.best;
  return { type: "open", generation: live.number, participant, reason, changed, state };
}

/** Another participant of a generation whose barrier is open. */
export function openLate(
  memory: Memory,
  live: Generation,
  event: EventOf<"hello">,
): readonly Effect[] {
  return live.openedAt === null || live.participants.includes(event.participant)
    ? []
    : [openOne(memory, live, event.participant)];
}

/** The facts and the memory of a generation that is ready now. */
export function noteReady(
  memory: Memory,
  live: Generation,
  at: number,
  announced: boolean,
): [Memory, Generation, Effect[]] {
  const ready: Generation = { ...live, readyAt: at, arrival: marked(live.arrival, "ready", at) };
  const { from, reason, mode, changed, hook, marks } = ready.arrival;
  const fact = report({
    type: "ready",
    generation: live.number,
    from,
    reason,
    mode,
    changed,
    state: memory.best,
    hook,
    timings: timings(marks),
    marks,
    announced,
  });
  const next = { ...memory, lastReady: live.number, speaks: live.spoke };
  return [next, ready, [{ type: "cancel", timer: `boot ${live.number}` }, fact]];
}

/** The only generation is ready; what changed meanwhile is found by comparing. */
export function becomeReady(
  memory: Memory,
  live: Generation,
  at: number,
  announced: boolean,
): Step {
  const [next, ready, effects] = noteReady(memory, live, at, announced);
  return step(next, { name: "running", live: ready }, ...effects, { type: "compare" });
}

/** `ready` for a live generation in a phase where something else is under way. */
export function noteReadyMeanwhile(
  memory: Memory,
  phase: Extract<Phase, { live: Generation | null }>,
  event: EventOf<"ready">,
): Step {
  const { live } = phase;
  if (live === null || live.number !== event.generation || live.readyAt !== null) {
    return step(memory, phase);
  }
  const [next, ready, effects] = noteReady(memory, live, event.at, true);
  return step(next, { ...phase, live: ready }, ...effects);
}
