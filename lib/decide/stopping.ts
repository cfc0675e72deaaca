/** How live goes: asked, checked, told to leave, signaled, killed. */
import { type Context, findCandidate, liveOf } from "./context.ts";
import type { Effect } from "./effect.ts";
import { type Generation, offers, serves } from "./generation.ts";
import { type Handoff, leaves, marked } from "./handoff.ts";
import { resumesFrom } from "./rewinding.ts";
import type { Departure, Escalation } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

/** From `exit` until the stop signal; a client leaves by force before that. */
export const LEAVE_MS = 1_500;

/** The part of the hook's time that the program is told; the rest is for the way. */
export const TOLD_SHARE = 0.9;

/** What asks live for a checkpoint; nothing where it offers none, has no state yet, or gave no answer before. */
export function askForCheckpoint(context: Context): Effect[] {
  const { policy, silent } = context;
  const live = liveOf(context);
  const [first] = live.participants;
  if (!first?.isReady || !offers(live, "checkpoint") || silent === live.number) return [];
  const { number: generation } = live;
  return [
    { type: "checkpoint", generation, participant: first.id },
    { type: "timer", timer: `checkpoint ${generation}`, ms: policy.hookTimeoutMs },
  ];
}

export function cancelCheckpoint(context: Context): Effect {
  return { type: "cancel", timer: `checkpoint ${liveOf(context).number}` };
}

/** Asks live to stop its components and save, or signals it where it cannot be asked. */
export function askToStop(context: Context, departure: Departure, at: number): Transition {
  const live = liveOf(context);
  const { purpose } = departure;
  const said = purpose.kind === "stop"
    ? [report({ type: "stopping", generation: live.number, by: purpose.by })]
    : [];
  const handoff = marked(departure.handoff, "acted", at);
  const [first] = live.participants;
  if (live.openedAt === null || first === undefined) {
    const drains = context.policy.proxy !== null && live.readyAt !== null &&
      purpose.kind === "replace";
    const next = drains
      ? drain(context, { purpose, handoff: marked(handoff, "dark", at) })
      : escalate(context, { purpose, handoff }, "signaled", at);
    return after(said, next);
  }
  const ms = context.policy.hookTimeoutMs;
  const replacing = handoff.reason === "change" ? "change" : "restart";
  return to(
    context,
    {
      name: "stopping",
      purpose,
      handoff: marked(handoff, "asked", at),
      first: first.id,
      waiting: live.participants.map(({ id }) => id),
      saved: null,
      checking: false,
      gone: null,
    },
    ...said,
    {
      type: "ask",
      generation: live.number,
      reason: purpose.kind === "stop" ? "stop" : replacing,
      changed: handoff.changed,
      deadlineMs: Math.floor(ms * TOLD_SHARE),
    },
    { type: "timer", timer: `hook ${live.number}`, ms },
  );
}

/** How long what comes next is held up before that is told. */
const HELD_UP_MS = 1_000;

/** Tells that what comes next waits until live has ended what it has begun, if that takes a while. */
export function heldUpTimer({ number }: Generation): Effect {
  return { type: "timer", timer: `wait ${number}`, ms: HELD_UP_MS };
}

/** Lets what live has begun come to its end, before it is signaled. */
export function drain(context: Context, { purpose, handoff }: Departure): Transition {
  return to(
    context,
    { name: "leaving", purpose, handoff, escalation: "draining", killedAfterMs: null },
    ...ENDING.draining(context, liveOf(context)),
  );
}

/** Makes live leave, by this means. */
export function escalate(
  context: Context,
  { purpose, handoff }: Departure,
  escalation: Escalation,
  at: number,
  killedAfterMs: number | null = null,
): Transition {
  const live = liveOf(context);
  return to(
    context,
    { name: "leaving", purpose, handoff: left(live, handoff, at), escalation, killedAfterMs },
    ...ENDING[escalation](context, live),
  );
}

/** Where some of it has stopped already, it is not known whether that was what serves, unless it says so. */
function left(live: Generation, handoff: Handoff, at: number): Handoff {
  const isKnown = handoff.marks.stopping === undefined || serves(live);
  return isKnown ? leaves(handoff, at) : handoff;
}

const ENDING: Readonly<Record<Escalation, (context: Context, live: Generation) => Effect[]>> = {
  draining: ({ policy }, { number }) => [
    { type: "timer", timer: `drain ${number}`, ms: policy.stopTimeoutMs },
    { type: "drain", generation: number },
  ],
  told: (context, { number }) => {
    const candidate = findCandidate(context);
    return [
      { type: "release", generation: number },
      { type: "timer", timer: `leave ${number}`, ms: LEAVE_MS },
      ...candidate === null ? [] : [
        {
          type: "lay out",
          generation: candidate.number,
          state: resumesFrom(context, candidate),
        } as const,
      ],
    ];
  },
  signaled: ({ policy }, { number }) => [
    { type: "signal", generation: number },
    { type: "timer", timer: `stop ${number}`, ms: policy.stopTimeoutMs },
  ],
  killed: (_context, { number }) => [{ type: "kill", generation: number }],
};
