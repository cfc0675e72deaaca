/** How a generation comes: spawned, its barrier opened. */
import { runBuilt } from "./building.ts";
import { tried } from "./burst.ts";
import { type Context, findLive, liveOf, type Policy, put, type StoredState } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import { type Generation, offers, type Role } from "./generation.ts";
import { type Handoff, marked } from "./handoff.ts";
import { noteReady } from "./ready.ts";
import { rewound } from "./rewinding.ts";
import type { State } from "./state.ts";
import { askForCheckpoint } from "./stopping.ts";
import { report, to, type Transition } from "./transition.ts";

const NOT_FAILED = { failed: null, refused: false } as const;
/** A candidate that is not at the barrier by then is told of: whoever saved waits for it. */
const SLOW_MS = 5_000;

/** Why a program that takes part by a file cannot be started before the one that serves has ended. */
export const LEAVES = "it leaves a state when it is stopped";

function spawn(
  context: Context,
  role: Role,
  handoff: Handoff,
  at: number,
  state: StoredState | null,
): [Context, Generation, Effect] {
  const arrival = marked(marked(handoff, "acted", at), "spawned", at);
  const generation: Generation = {
    number: context.next,
    role,
    spawnedAt: at,
    participants: [],
    spoke: false,
    openedAt: null,
    readyAt: null,
    gate: null,
    ended: null,
    rewind: context.rewind,
    arrival,
  };
  const { number } = generation;
  const { reason, changed } = arrival;
  const burst = tried(context, handoff, at);
  const begun = { next: number + 1, attempted: number, burst, ...NOT_FAILED };
  const next = { ...put(context, generation), ...begun };
  return [next, generation, { type: "spawn", generation: number, reason, changed, state }];
}

export function bootTimer({ policy }: { policy: Policy }, { number }: Generation): Effect {
  return { type: "timer", timer: `boot ${number}`, ms: policy.bootTimeoutMs };
}

export function probing({ probed }: Context, { number }: Generation): Effect[] {
  return probed ? [{ type: "probe", generation: number }] : [];
}

/** Whether baton expects to be told that the program is ready; otherwise its start counts. */
export function announces(context: Context): boolean {
  return context.probed || context.speaks;
}

/** Starts the only generation. */
export function spawnSole(before: Context, handoff: Handoff, at: number): Transition {
  const context = rewound(before, null);
  const [next, live, effect] = spawn(context, "live", handoff, at, context.best);
  const timers = announces(context) || context.builds ? [bootTimer(context, live)] : [];
  return to(next, { name: "running" }, effect, ...timers, ...probing(context, live));
}

/** Boots the next generation while live serves. */
export function spawnCandidate(context: Context, handoff: Handoff, at: number): Transition {
  const mode = swaps(context) === true
    ? "swapped"
    : bootsBeside(context) === true
    ? "overlapped"
    : "built";
  const [next, candidate, effect] = spawn(context, "candidate", { ...handoff, mode }, at, null);
  const slow = { type: "timer", timer: `slow ${candidate.number}`, ms: SLOW_MS } as const;
  const checkpoint = askForCheckpoint(context);
  const state = { name: "booting", saving: checkpoint.length > 0 } as const;
  const probes = mode === "swapped" ? probing(context, candidate) : [];
  // A build takes as long as it takes.
  const late = liveOf(context).gate === null ? [bootTimer(context, candidate)] : [];
  return to(next, state, effect, ...late, slow, ...probes, ...checkpoint);
}

/** Whether the next generation may serve beside live, before that is stopped; otherwise why not. */
function swaps({ policy, conflict, leaves, ...context }: Context): true | string {
  const live = liveOf({ policy, conflict, leaves, ...context });
  if (policy.proxy === null || live.spoke) return "it does not speak on the pipe";
  if (live.readyAt === null) return "it is not ready itself";
  if (leaves) return LEAVES;
  return policy.handoff === "auto" ? conflict ?? true : true;
}

/** Whether the next generation may boot beside live, or be built there; otherwise why not. */
export function overlaps(context: Context): true | string {
  if (context.policy.handoff === "sequential") return "it was asked to be sequential";
  return liveOf(context).gate === "open" ? true : bootsBeside(context);
}

/** Whether the next generation may run beside live, up to its barrier; otherwise why not. */
function bootsBeside(context: Context): true | string {
  const live = liveOf(context);
  if (live.openedAt === null || live.participants.length === 0) {
    return swaps(context);
  }
  if (offers(live, "exclusive")) return "it runs exclusively";
  if (!offers(live, "handoff")) return "it has no barrier";
  return context.policy.handoff === "auto" ? context.conflict ?? true : true;
}

/** The only generation's process has started; one that announces nothing is ready by that. */
export function noteSpawned(
  context: Context,
  state: State,
  event: EventOf<"spawned">,
): Transition {
  const live = findLive(context);
  if (live === null || live.number !== event.generation) return to(context, state);
  const { number: generation, arrival: { reason, mode } } = live;
  const started = report({ type: "started", generation, reason, mode, state: context.best });
  const isAwaited = announces(context) || context.builds;
  if (isAwaited || live.readyAt !== null) return to(context, state, started);
  const [next, effects] = noteReady(context, live, event.at, false);
  return to(next, state, started, ...effects);
}

/** Opens the barrier to every participant that has reached it. */
export function open(
  context: Context,
  generation: Generation,
  handoff: Handoff,
  at: number,
): [Context, Effect[]] {
  // A program that was taken for ready by its start alone is not, once it has said hello.
  const unready = { ...handoff, marks: { ...handoff.marks, ready: undefined } };
  const opened: Generation = {
    ...generation,
    role: "live",
    openedAt: at,
    readyAt: null,
    arrival: marked(marked(unready, "barrier", at), "opened", at),
  };
  const effects = [
    ...opened.participants.map(({ id }, index) => openOne(context, opened, id, index === 0)),
    bootTimer(context, opened),
    ...probing(context, opened),
  ];
  return [{ ...put(context, opened), speaks: true }, effects];
}

/** Where no other participant is connected, it gets the newest state, else what the others got. */
export function openOne(
  context: Context,
  live: Generation,
  participant: number,
  alone: boolean,
): Effect {
  const { reason, changed } = live.arrival;
  const state = context.best;
  return { type: "open", generation: live.number, participant, alone, reason, changed, state };
}

/** The candidate is the only generation now: its barrier opens, or its boot goes on. */
export function takeOver(
  before: Context,
  candidate: Generation,
  handoff: Handoff,
  at: number,
): Transition {
  const context = rewound(before, candidate);
  const running = { name: "running" } as const;
  if (!candidate.spoke) {
    const live: Generation = { ...candidate, role: "live", arrival: handoff };
    if (live.gate === "closed") return runBuilt(put(context, live), live, running, at);
    if (handoff.marks.ready !== undefined) {
      return to(put(context, live), running, { type: "compare" });
    }
    if (candidate.readyAt !== null) {
      const [next, effects] = noteReady(put(context, live), live, at, true);
      return to(next, running, ...effects);
    }
    const effects = [bootTimer(context, live), ...probing(context, live)];
    return to(put(context, live), running, ...effects, { type: "compare" });
  }
  const [opened, effects] = open(context, candidate, handoff, at);
  if (candidate.readyAt === null) return to(opened, running, ...effects);
  const [next, ready] = noteReady(opened, liveOf(opened), at, true);
  return to(next, running, ...effects, ...ready);
}
