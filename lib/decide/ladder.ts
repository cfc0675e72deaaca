/**
 * What files have changed for is done by the lowest rung that takes it: `notify`, `reload` and `recycle` are asked
 * of live, and whatever refuses one of them is followed by a restart, before which commands may have to succeed.
 * None of the rungs between is tried then: what was to be read anew is not proven to be by any of them.
 */
import { cutChanged } from "../protocol/changed.ts";
import { QUIET_MS, waitsForQuiet } from "./burst.ts";
import { type Context, findLive, liveOf } from "./context.ts";
import type { Generation } from "./generation.ts";
import { type Handoff, marked } from "./handoff.ts";
import { type LowerRung, type RefusedRung, RESTART } from "./rung.ts";
import { handOver } from "./saving.ts";
import { overlaps, spawnCandidate, spawnSole } from "./starting.ts";
import { TOLD_SHARE } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

export const QUIET_TIMER = { type: "timer", timer: "quiet", ms: QUIET_MS } as const;

/** Waits for the end of a burst. */
export function untilQuiet(context: Context, handoff: Handoff): Transition {
  return to(context, { name: "settling", handoff, untilQuiet: true }, QUIET_TIMER);
}

/** The files are quiet, or a person does not wait for that. */
export function act(context: Context, handoff: Handoff, at: number): Transition {
  const { rung, commands } = handoff.need;
  const live = findLive(context);
  if (live !== null && rung !== "restart") return ask(context, handoff, rung, at);
  if (commands.length > 0) return prepare(context, handoff, at);
  if (live === null) return spawnSole(context, handoff, at);
  const overlapping = overlaps(context);
  if (overlapping === true) return spawnCandidate(context, handoff, at);
  const asked = handOver(context, handoff, at);
  if (context.policy.handoff !== "overlapped") return asked;
  const fact = { type: "not overlapped", generation: live.number, why: overlapping } as const;
  return after([report(fact)], asked);
}

/** Live is alone: what can be undone is done at once, the rest waits for the files to settle. */
export function actSoon(
  context: Context,
  handoff: Handoff,
  at: number,
  released = false,
): Transition {
  const { rung, commands } = handoff.need;
  if (rung === "notify" || rung === "reload") return act(context, handoff, at);
  const isRestart = rung === "restart" && commands.length === 0;
  if (isRestart && waitsForQuiet(context, at) && !released) return untilQuiet(context, handoff);
  const isAtOnce = context.settled ||
    isRestart && findLive(context) !== null && overlaps(context) === true;
  return isAtOnce ? act(context, handoff, at) : to(context, { name: "settling", handoff });
}

/** Asks all of live to take the change without a restart. */
function ask(before: Context, handoff: Handoff, rung: LowerRung, at: number): Transition {
  const live = liveOf(before);
  const why = obstacle(live, handoff, rung);
  if (why !== null) return fall(before, handoff, { rung, why }, at);
  const context = { ...before, steps: before.steps + 1 };
  const { steps: step, policy: { hookTimeoutMs } } = context;
  const waiting = live.participants.map(({ id }) => id);
  return to(
    context,
    {
      name: "stepping",
      handoff: marked(handoff, "acted", at),
      step,
      rung,
      waiting,
      asked: waiting,
    },
    {
      type: "step",
      generation: live.number,
      participants: waiting,
      step,
      rung,
      paths: handoff.changed,
      deadlineMs: Math.floor(hookTimeoutMs * TOLD_SHARE),
    },
    { type: "timer", timer: `step ${live.number}`, ms: hookTimeoutMs },
  );
}

/** Why live cannot be asked; null where it can. */
function obstacle(live: Generation, { changed }: Handoff, rung: LowerRung): string | null {
  if (live.openedAt === null || live.participants.length === 0) return "it takes no part";
  if (live.readyAt === null) return "it is not ready yet";
  if (cutChanged(changed).length < changed.length) return "too many files have changed";
  return live.participants.every(({ capabilities }) => capabilities.includes(rung))
    ? null
    : NOT_OFFERED[rung];
}

const NOT_OFFERED: Readonly<Record<LowerRung, string>> = {
  notify: "it has declared no callback for changed files",
  reload: "it has declared no module that can be reloaded",
  recycle: "not all of its components can be started again",
};

/** Live has refused a rung: it is restarted. */
export function fall(
  context: Context,
  handoff: Handoff,
  refusal: RefusedRung,
  at: number,
): Transition {
  const { number: generation } = liveOf(context);
  const { changed, refusals, need } = handoff;
  const told = report({ type: "declined", generation, changed, ...refusal });
  const next = {
    ...handoff,
    need: { ...RESTART, commands: need.commands },
    refusals: [...refusals, refusal],
  };
  return after([told], actSoon(context, next, at));
}

/** Runs the commands that come before the next generation; live goes on serving. */
function prepare(before: Context, handoff: Handoff, at: number): Transition {
  const { next: generation } = before;
  const context = { ...before, attempted: generation, failed: null, refused: false };
  const { changed, need: { commands } } = handoff;
  return to(
    context,
    { name: "preparing", handoff: marked(marked(handoff, "acted", at), "preparing", at) },
    { type: "prepare", generation, commands, changed },
    report({ type: "preparing", generation, commands, changed }),
  );
}
