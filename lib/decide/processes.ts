/** A leader ended, or the last process of a generation is gone, and nobody has asked live to go. */
import { end } from "./after_exit.ts";
import { candidateExited, candidateGone } from "./candidate.ts";
import { waitsForQuiet } from "./burst.ts";
import { act, actSoon, untilQuiet } from "./ladder.ts";
import { type Context, drop, liveOf, roleOf } from "./context.ts";
import { leaderExited, treeGone } from "./crash.ts";
import { EXIT } from "../errors.ts";
import type { EventOf } from "./event.ts";
import type { StateOf } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Serving = StateOf<
  "settling" | "running" | "stepping" | "preparing" | "booting" | "aborting" | "saving"
>;

export function exited(context: Context, state: Serving, event: EventOf<"exited">): Transition {
  const role = roleOf(context, event);
  if (role === "live") return leaderExited(context, state, event);
  return role === "candidate" ? candidateExited(context, state, event) : to(context, state);
}

export function gone(context: Context, state: Serving, event: EventOf<"gone">): Transition {
  const role = roleOf(context, event);
  if (role === "live") return treeGone(context, event);
  return role === "candidate" ? candidateGone(context, event) : to(context, state);
}

/** What was aborted is gone: live goes on alone, or the next candidate boots. */
export function goneAborting(
  before: Context,
  state: StateOf<"aborting">,
  event: EventOf<"gone">,
): Transition {
  if (roleOf(before, event) !== "aborted") return gone(before, state, event);
  const context = drop(before, event.generation);
  if (state.retry === null) return to(context, { name: "running" }, { type: "compare" });
  const { retry } = state;
  if (retry.need.rung !== "restart") return actSoon(context, retry, event.at);
  const isOfBurst = retry.reason === "change" && !retry.again;
  if (isOfBurst && waitsForQuiet(context, event.at)) return untilQuiet(context, retry);
  const settling = { name: "settling", handoff: retry } as const;
  return context.settled ? act(context, retry, event.at) : to(context, settling);
}

/** The only generation could not be started: the first cannot be waited for. */
export function failSpawn(
  context: Context,
  state: StateOf<"running">,
  event: EventOf<"spawn failed">,
): Transition {
  const { generation, code, why } = event;
  if (liveOf(context).number !== generation) return to(context, state);
  const next = drop(context, generation);
  const fact = report({ type: "spawn failed", generation, code, why });
  if (generation === 1) {
    return after([fact], end(next, code === "ENOENT" ? EXIT.notFound : EXIT.cannotRun));
  }
  const cancel = { type: "cancel", timer: `boot ${generation}` } as const;
  return to(next, { name: "idle" }, cancel, fact, { type: "compare" });
}
