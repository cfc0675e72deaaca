/** The old generation was asked to stop its components and save. */
import { departing, press } from "../depart.ts";
import { afterGone } from "../ending.ts";
import type { EventOf } from "../event.ts";
import { type Handoff, marked } from "../handoff.ts";
import type { Memory, PhaseOf } from "../state.ts";
import { after, checkUnasked, forgetParticipant, type Handlers, type Step, step } from "../step.ts";

import { buryOther, loseOther, ofOld, shared, trouble } from "./departing.ts";

type Asking = PhaseOf<"asking">;

function noted(phase: Asking, change: (handoff: Handoff) => Handoff): Asking {
  return { ...phase, handoff: change(phase.handoff) };
}

/** One participant will say no more: with the last one, the asking is over. */
function answered(memory: Memory, phase: Asking, participant: number, at: number): Step {
  const waiting = phase.waiting.filter((one) => one !== participant);
  return waiting.length > 0 ? step(memory, { ...phase, waiting }) : conclude(memory, phase, at);
}

function conclude(
  memory: Memory,
  phase: Asking,
  at: number,
  gone: EventOf<"gone"> | null = null,
): Step {
  const cancel = { type: "cancel", timer: `hook ${phase.old.number}` } as const;
  const { claim } = phase;
  const going = departing(phase);
  if (claim === null) {
    const cooperative = phase.old.participants.length > 0;
    return after([cancel], press(memory, going, cooperative ? "told" : "signaled", at));
  }
  return step(memory, { ...going, name: "checking", gone }, cancel, { type: "check", claim });
}

/** The last process of one whose leader had left before. */
function vanish(memory: Memory, phase: Asking, event: EventOf<"gone">): Step {
  if (phase.claim !== null) return conclude(memory, phase, event.at, event);
  const why = "Its last process ended before it had saved";
  const lost = trouble(memory, phase, { kind: "lost", why });
  const cancel = { type: "cancel", timer: `hook ${phase.old.number}` } as const;
  return after([cancel, lost], afterGone(memory, departing(phase), event));
}

export const asking: Handlers<"asking"> = {
  ...shared,
  stopping: (memory, phase, event) =>
    ofOld(phase, event)
      ? step(memory, noted(phase, (handoff) => marked(handoff, "dark", event.at)))
      : step(memory, phase),
  stopped: (memory, phase, event) => {
    if (!ofOld(phase, event)) return step(memory, phase);
    const { component, elapsedMs } = event;
    return step(
      memory,
      noted(phase, (handoff) => ({
        ...handoff,
        marks: { ...handoff.marks, stopped: event.at },
        hook: { ...handoff.hook, stopped: [...handoff.hook.stopped, { component, elapsedMs }] },
      })),
    );
  },
  failed: (memory, phase, event) => {
    if (!ofOld(phase, event)) return step(memory, phase);
    const { component, error } = event;
    return step(
      memory,
      noted(phase, (handoff) => ({
        ...handoff,
        marks: { ...handoff.marks, stopped: event.at },
        hook: { ...handoff.hook, failed: [...handoff.hook.failed, { component, error }] },
      })),
      trouble(memory, phase, { kind: "component", component, error }),
    );
  },
  saved: (memory, phase, event) => {
    if (!ofOld(phase, event)) return step(memory, phase);
    if (event.kind === "checkpoint") return checkUnasked(memory, phase, event);
    if (!phase.waiting.includes(event.participant)) return step(memory, phase);
    const claim = event.participant === 0 ? event : phase.claim;
    const next = noted(
      phase,
      (handoff) => marked(marked(handoff, "dark", event.at), "saved", event.at),
    );
    const why = "The participant that was first, whose state counts, is not connected";
    const isLost = event.participant !== 0 && !phase.old.participants.includes(0);
    return after(
      isLost ? [trouble(memory, phase, { kind: "lost", why })] : [],
      answered(memory, { ...next, claim }, event.participant, event.at),
    );
  },
  refused: (memory, phase, event) => {
    if (!ofOld(phase, event) || !phase.waiting.includes(event.participant)) {
      return step(memory, phase);
    }
    const next = answered(memory, phase, event.participant, event.at);
    if (event.participant !== 0) return next;
    return after([trouble(memory, phase, { kind: "refused", why: event.why })], next);
  },
  disconnected: (memory, phase, event) => {
    const next = forgetParticipant(phase, event);
    const { participant } = event;
    if (!ofOld(phase, event) || !phase.waiting.includes(participant)) return step(memory, next);
    const effects = participant === 0
      ? [trouble(memory, phase, { kind: "lost", why: "The pipe was closed before it had saved" })]
      : [];
    return after(effects, answered(memory, next, participant, event.at));
  },
  exited: (memory, phase, event) => {
    if (!ofOld(phase, event)) return loseOther(memory, phase, event);
    const ended = { ...phase, old: { ...phase.old, ended: event.status, participants: [] } };
    if (phase.claim !== null) return conclude(memory, ended, event.at);
    const { status } = event;
    const how = status.kind === "exited"
      ? `ended with exit status ${status.code}`
      : `was killed by ${status.signal}`;
    const why = `It ${how} before it had saved`;
    const lost = trouble(memory, phase, { kind: "lost", why });
    const cancel = { type: "cancel", timer: `hook ${phase.old.number}` } as const;
    const next = event.survivors > 0
      ? press(memory, departing(ended), "signaled", event.at)
      : step(memory, { ...departing(ended), name: "leaving", pressure: "told" as const });
    return after([cancel, lost], next);
  },
  gone: (memory, phase, event) =>
    ofOld(phase, event) ? vanish(memory, phase, event) : buryOther(memory, phase, event),
  deadline: (memory, phase, event) => {
    if (event.timer !== `hook ${phase.old.number}`) return step(memory, phase);
    if (phase.claim !== null) return conclude(memory, phase, event.at);
    const afterMs = memory.policy.hookTimeoutMs;
    const late = trouble(memory, phase, { kind: "late", afterMs });
    return after([late], press(memory, departing(phase), "signaled", event.at));
  },
};
