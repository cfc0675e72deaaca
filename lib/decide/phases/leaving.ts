/** What it saved is read back (`checking`), then it leaves until its whole tree is gone (`leaving`). */
import { departing, LEAVE_MS, press } from "../depart.ts";
import { afterGone } from "../ending.ts";
import { marked } from "../handoff.ts";
import type { Memory, PhaseOf } from "../state.ts";
import { after, type Handlers, keepUnasked, report, type Step, step } from "../step.ts";

import { buryOther, loseOther, ofOld, shared } from "./departing.ts";

export const checking: Handlers<"checking"> = {
  ...shared,
  checked: (memory, phase, event) => {
    if (event.kind === "checkpoint") return keepUnasked(memory, phase, event);
    const { generation, reading } = event;
    const checked = { ...phase, handoff: marked(phase.handoff, "checked", event.at) };
    if (reading.found === "good") {
      const best = { path: reading.path, envelope: reading.envelope };
      return leave({ ...memory, best }, checked, event.at);
    }
    const why = reading.found === "missing" ? "No file is there" : reading.why;
    const { found } = reading;
    const fact = { type: "distrusted", generation, found, why, state: memory.best } as const;
    return after([report(fact)], leave(memory, checked, event.at));
  },
  exited: (memory, phase, event) =>
    ofOld(phase, event)
      ? step(memory, { ...phase, old: { ...phase.old, ended: event.status } })
      : loseOther(memory, phase, event),
  gone: (memory, phase, event) =>
    ofOld(phase, event) ? step(memory, { ...phase, gone: event }) : buryOther(memory, phase, event),
};

/** Checked: it may leave. A leader that has ended already has been swept for; `gone` follows. */
function leave(memory: Memory, phase: PhaseOf<"checking">, at: number): Step {
  const going = departing(phase);
  if (phase.gone !== null) return afterGone(memory, going, phase.gone);
  return press(memory, going, phase.old.ended === null ? "told" : "signaled", at);
}

export const leaving: Handlers<"leaving"> = {
  ...shared,
  hello: (memory, phase, event) => {
    const greeted = shared.hello(memory, phase, event);
    if (!ofOld(phase, event)) return greeted;
    // A worker that its master has started anew: it would hang at the barrier.
    const effects = [
      ...greeted.effects,
      { type: "release", generation: phase.old.number } as const,
    ];
    return { ...greeted, effects };
  },
  exited: (memory, phase, event) => {
    if (!ofOld(phase, event)) return loseOther(memory, phase, event);
    const ended = { ...phase, old: { ...phase.old, ended: event.status } };
    if (event.survivors === 0 || phase.pressure !== "told") return step(memory, ended);
    return press(memory, departing(ended), "signaled", event.at);
  },
  gone: (memory, phase, event) => {
    if (!ofOld(phase, event)) return buryOther(memory, phase, event);
    const { number } = phase.old;
    return after(
      [
        { type: "cancel", timer: `leave ${number}` },
        { type: "cancel", timer: `stop ${number}` },
      ],
      afterGone(memory, departing(phase), event),
    );
  },
  deadline: (memory, phase, event) => {
    const { number } = phase.old;
    const going = departing(phase);
    const { changed } = phase.handoff;
    if (event.timer === `leave ${number}` && phase.pressure === "told") {
      const fact = report({
        type: "pressed",
        generation: number,
        changed,
        by: "signal",
        afterMs: LEAVE_MS,
      });
      return after([fact], press(memory, going, "signaled", event.at));
    }
    if (event.timer === `stop ${number}` && phase.pressure !== "killed") {
      const afterMs = memory.policy.stopTimeoutMs;
      const fact = report({ type: "pressed", generation: number, changed, by: "kill", afterMs });
      return after([fact], press(memory, going, "killed", event.at));
    }
    return step(memory, phase);
  },
};
