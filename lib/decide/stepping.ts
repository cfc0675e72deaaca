/** Live was asked to take a change without a restart: its answers, and what comes in between. */
import { begin } from "./changes.ts";
import { type Context, liveOf, roleOf, update } from "./context.ts";
import type { EventOf } from "./event.ts";
import { parted } from "./generation.ts";
import { marked, timings } from "./handoff.ts";
import { fall } from "./ladder.ts";
import { restart } from "./requests.ts";
import { abandonTry } from "./retry.ts";
import { needOf, RUNGS } from "./rung.ts";
import type { StateOf } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Stepping = StateOf<"stepping">;

function cancelStep(context: Context) {
  return { type: "cancel", timer: `step ${liveOf(context).number}` } as const;
}

/** Whether it is the answer of somebody who is waited for. */
function isAnswer(
  context: Context,
  { step, waiting }: Stepping,
  event: EventOf<"done"> | EventOf<"declined">,
): boolean {
  return roleOf(context, event) === "live" && event.step === step &&
    waiting.includes(event.participant);
}

function refuse(
  context: Context,
  state: Stepping,
  about: {
    readonly why: string;
    readonly file?: string | undefined;
    readonly line?: number | undefined;
  },
  at: number,
): Transition {
  const { handoff, rung } = state;
  const { acted: _, ...marks } = handoff.marks;
  const next = fall(context, { ...handoff, marks }, { rung, ...about }, at);
  return after([cancelStep(context)], next);
}

export function noteDone(context: Context, state: Stepping, event: EventOf<"done">): Transition {
  if (!isAnswer(context, state, event)) return to(context, state);
  return answered(context, state, event.participant, event.at);
}

export function noteDeclined(
  context: Context,
  state: Stepping,
  event: EventOf<"declined">,
): Transition {
  if (!isAnswer(context, state, event)) return to(context, state);
  const { why, file, line, broken = false } = event;
  if (broken && state.asked.length === 1) return giveUpBroken(context, state, event);
  return refuse(context, state, { why, file, line }, event.at);
}

/** What does not compile would not come up, either: nothing is started for it. */
function giveUpBroken(
  context: Context,
  { handoff }: Stepping,
  { why, file, line }: EventOf<"declined">,
): Transition {
  const { next: generation } = context;
  const { changed } = handoff;
  const about = { generation, live: liveOf(context).number, changed, detail: why };
  const lines = file !== undefined && line !== undefined ? [`${file}:${line}`] : [];
  return to(
    { ...context, attempted: generation, failed: handoff, refused: false },
    { name: "running" },
    cancelStep(context),
    { type: "adopt", generation, paths: changed, isTaken: false },
    report({
      ...{ type: "candidate failed", mode: "overlapped", why: "spawn-failed", status: null },
      ...{ uptimeMs: 0, lines, folded: false },
      ...about,
    }),
    { type: "compare" },
  );
}

/** With the last answer the change is in effect; what has changed meanwhile is found by comparing. */
function answered(
  context: Context,
  state: Stepping,
  participant: number,
  at: number,
): Transition {
  const waiting = state.waiting.filter((one) => one !== participant);
  if (waiting.length > 0) return to(context, { ...state, waiting });
  const { number: generation, participants } = liveOf(context);
  if (participants.some(({ id }) => !state.asked.includes(id))) {
    return refuse(context, state, { why: "another process has joined meanwhile" }, at);
  }
  const { rung, handoff } = state;
  const { changed, marks } = marked(handoff, "ready", at);
  const fact = { type: "updated", generation, rung, changed, timings: timings(marks) } as const;
  return to(
    abandonTry(context),
    { name: "running" },
    cancelStep(context),
    { type: "adopt", generation, paths: changed, isTaken: true },
    report(fact),
    { type: "compare" },
  );
}

/** More has changed: what needs a higher rung does not wait for this one. */
export function amendStep(
  context: Context,
  state: Stepping,
  event: EventOf<"changed">,
): Transition {
  const paths = event.differs.get(liveOf(context).number) ?? [];
  const { rung } = needOf(context.policy.rules, paths, event.ruled);
  const isHigher = paths.length > 0 && RUNGS.indexOf(rung) > RUNGS.indexOf(state.rung);
  return isHigher
    ? after([cancelStep(context)], begin(context, { name: "running" }, event))
    : to(context, state);
}

/** Who has left has read whatever it has read: the rest may go on without. */
export function partStep(
  before: Context,
  state: Stepping,
  event: EventOf<"disconnected">,
): Transition {
  const { participant } = event;
  const context = update(before, event.generation, (one) => parted(one, participant));
  const isAwaited = roleOf(context, event) === "live" && state.waiting.includes(participant);
  if (!isAwaited) return to(context, state);
  return liveOf(context).participants.length === 0
    ? refuse(context, state, { why: "the pipe was closed" }, event.at)
    : answered(context, state, participant, event.at);
}

export function stepLate(
  context: Context,
  state: Stepping,
  event: EventOf<"deadline">,
): Transition {
  if (event.timer !== `step ${liveOf(context).number}`) return to(context, state);
  const ms = context.policy.hookTimeoutMs;
  return refuse(context, state, { why: `no answer in ${ms} ms` }, event.at);
}

/** A person does not wait for it. */
export function restartStep(
  context: Context,
  _state: Stepping,
  event: EventOf<"restart">,
): Transition {
  return after([cancelStep(context)], restart(context, { name: "running" }, event));
}
