/** How a generation goes: asked, checked, told to leave, signaled, killed, gone. */
import type { ExitStatus } from "../platform/platform.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import { type Handoff, handoff as begin, marked } from "./handoff.ts";
import { afterGone, BACKOFF_RESET_MS, backoffMs, statusNumber } from "./ending.ts";
import type { Generation, Memory, PhaseOf, Pressure, Purpose } from "./state.ts";
import { after, report, type Step, step } from "./step.ts";

/** From `exit` until the stop signal; a client leaves by force before that. */
export const LEAVE_MS = 1_500;

/** The part of the hook's time that the program is told; the rest is for the way. */
const TOLD_SHARE = 0.9;

export type Departing = Pick<
  PhaseOf<"leaving">,
  "old" | "candidate" | "dying" | "purpose" | "handoff"
>;

/** Where no other generation is under way. */
export const NOBODY = { candidate: null, dying: null } as const;

/** Who else is there. */
type Others = Pick<Departing, "candidate" | "dying">;

/** The departure of a generation that no candidate waits to follow; one may still be dying. */
export function departure(
  old: Generation,
  purpose: Purpose,
  handoff: Handoff,
  dying: Generation | null = null,
): Departing {
  return { old, candidate: null, dying, purpose, handoff };
}

/** Only the parts that every departing phase has. */
export function departing(phase: Departing): Departing {
  const { old, candidate, dying, purpose, handoff } = phase;
  return { old, candidate, dying, purpose, handoff };
}

/** Asks the old generation to put its work down, or signals it where it cannot be asked. */
export function ask(memory: Memory, going: Departing, at: number): Step {
  const { old, purpose } = going;
  const said = purpose.kind === "stop"
    ? [report({ type: "stopping", generation: old.number, by: purpose.by })]
    : [];
  const handoff = marked(going.handoff, "acted", at);
  if (old.openedAt === null || old.participants.length === 0) {
    return after(said, press(memory, { ...going, handoff }, "signaled", at));
  }
  const ms = memory.policy.hookTimeoutMs;
  const reason = purpose.kind === "stop"
    ? "stop"
    : handoff.reason === "change"
    ? "change"
    : "restart";
  return step(
    memory,
    {
      ...going,
      name: "asking",
      handoff: marked(handoff, "asked", at),
      waiting: old.participants,
      claim: null,
    },
    ...said,
    {
      type: "ask",
      generation: old.number,
      reason,
      changed: handoff.changed,
      deadlineMs: Math.floor(ms * TOLD_SHARE),
    },
    { type: "timer", timer: `hook ${old.number}`, ms },
  );
}

/** Makes the old generation leave, with this much pressure. */
export function press(memory: Memory, going: Departing, pressure: Pressure, at: number): Step {
  const { old: { number }, candidate } = going;
  const { stopTimeoutMs } = memory.policy;
  const handoff = marked(going.handoff, "dark", at);
  const meanwhile: Effect[] = candidate === null
    ? []
    : [{ type: "lay out", generation: candidate.number, state: memory.best }];
  const effects: Record<Pressure, Effect[]> = {
    told: [
      { type: "release", generation: number },
      { type: "timer", timer: `leave ${number}`, ms: LEAVE_MS },
      ...meanwhile,
    ],
    signaled: [
      { type: "signal", generation: number },
      { type: "timer", timer: `stop ${number}`, ms: stopTimeoutMs },
    ],
    killed: [{ type: "kill", generation: number }],
  };
  return step(memory, { ...going, name: "leaving", handoff, pressure }, ...effects[pressure]);
}

/** The leader of a live generation has exited; one that forks may have left its program to others. */
export function leaderExited(
  memory: Memory,
  phase: PhaseOf<"starting" | "running" | "settling" | "booting" | "dismissing">,
  live: Generation,
  event: EventOf<"exited">,
  others: Others = NOBODY,
): Step {
  return isLeftToOthers(event)
    ? step(memory, { ...phase, live: { ...live, ended: event.status } })
    : collapse(memory, live, others, event);
}

/** Whether a leader that ended has left its program to others of its tree. */
export function isLeftToOthers({ status, survivors }: EventOf<"exited">): boolean {
  return survivors > 0 && status.kind === "exited" && status.code === 0;
}

/** The last process of a live program whose leader had left before. */
export function vanish(
  memory: Memory,
  live: Generation,
  others: Others,
  event: EventOf<"gone">,
): Step {
  const status = live.ended ?? { kind: "exited", code: 0 };
  const collapsed = collapse(memory, live, others, { ...event, status, survivors: 0, lines: [] });
  return collapsed.phase.name === "leaving"
    ? after(collapsed.effects, afterGone(collapsed.memory, collapsed.phase, event))
    : collapsed;
}

/** A generation ended by itself while it was live. */
export function collapse(
  memory: Memory,
  old: Generation,
  others: Others,
  event: { at: number; status: ExitStatus; survivors: number; lines: readonly string[] },
): Step {
  const { status, at, lines } = event;
  const uptimeMs = at - old.spawnedAt;
  const crashed = statusNumber(status) !== 0;
  const crashes = !crashed || uptimeMs >= BACKOFF_RESET_MS ? 0 : memory.crashes;
  const { policy } = memory;
  const next = others.candidate !== null
    ? "candidate"
    : policy.exit
    ? "exit"
    : crashed && policy.onCrash === "restart"
    ? { retryMs: backoffMs(crashes) }
    : "wait";
  const fact = report({
    type: "ended",
    generation: old.number,
    status,
    uptimeMs,
    wasReady: old.readyAt !== null,
    lastReady: memory.lastReady,
    state: memory.best,
    lines,
    next,
  });
  const purpose: Purpose = others.candidate !== null
    ? { kind: "replace" }
    : { kind: "rest", status };
  const handoff = others.candidate?.arrival ?? begin("crash", old.number, [], {});
  const going: Departing = {
    ...others,
    old: { ...old, ended: status },
    purpose,
    handoff: marked(handoff, "dark", at),
  };
  const leaving = event.survivors > 0
    ? press({ ...memory, crashes }, going, "signaled", at)
    : step({ ...memory, crashes }, { ...going, name: "leaving", pressure: "told" });
  return after([{ type: "cancel", timer: `boot ${old.number}` }, fact], leaving);
}
