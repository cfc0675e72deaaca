/** Live ended without being asked. */
import { failedInBurst, isFolded, QUIET_MS } from "./burst.ts";
import type { ExitStatus } from "../platform/platform.ts";
import { afterLive, BACKOFF_RESET_MS, backoffMs } from "./after_exit.ts";
import { type Context, findCandidate, liveOf, put } from "./context.ts";
import type { EventOf } from "./event.ts";
import { handoff as begin, leaves } from "./handoff.ts";
import type { Departure, State } from "./state.ts";
import { escalate } from "./stopping.ts";
import { after, report, to, type Transition } from "./transition.ts";

interface Crash {
  readonly at: number;
  readonly status: ExitStatus;
  /** How many processes of its tree are left. */
  readonly survivors: number;
  readonly lines: readonly string[];
}

/** Whether a leader that ended has left its program to others of its tree. */
export function isLeftToOthers({ status, survivors }: EventOf<"exited">): boolean {
  return survivors > 0 && status.kind === "exited" && status.code === 0;
}

/** The leader of live has exited; one that forks may have left its program to others. */
export function leaderExited(
  context: Context,
  state: State,
  event: EventOf<"exited">,
): Transition {
  return isLeftToOthers(event)
    ? to(put(context, { ...liveOf(context), ended: event.status }), state)
    : crashed(context, event);
}

/** The last process of a live program is gone whose leader had left it to others. */
export function treeGone(context: Context, event: EventOf<"gone">): Transition {
  const status = liveOf(context).ended ?? { kind: "exited", code: 0 };
  const { effects, ...ended } = crashed(context, { ...event, status, survivors: 0, lines: [] });
  return ended.state.name === "leaving"
    ? after(effects, afterLive(ended.context, ended.state, event))
    : { effects, ...ended };
}

/** Live ended by itself: what is left of its tree is ended, and something comes next. */
function crashed(context: Context, { status, at, survivors, lines }: Crash): Transition {
  const live = liveOf(context);
  const candidate = findCandidate(context);
  const uptimeMs = at - live.spawnedAt;
  const failed = status.code !== 0;
  const isEarly = failed && (live.readyAt === null || uptimeMs < QUIET_MS);
  const crashes = !failed || uptimeMs >= BACKOFF_RESET_MS ? 0 : context.crashes;
  const { policy } = context;
  const next = candidate !== null
    ? "candidate"
    : policy.exit
    ? "exit"
    : failed && policy.onCrash === "restart"
    ? { retryMs: backoffMs(crashes) }
    : "wait";
  const fact = report({
    type: "ended",
    generation: live.number,
    status,
    uptimeMs,
    wasReady: live.readyAt !== null,
    lastReady: context.lastReady,
    state: context.best,
    lines,
    next,
    folded: isEarly && isFolded(context),
  });
  // What live refused to hand over to was never tried.
  const attempted = context.refused ? live.number : context.attempted;
  const { burst } = isEarly ? failedInBurst(context) : context;
  const ended = put({ ...context, burst, crashes, attempted }, { ...live, ended: status });
  const handoff = candidate?.arrival ?? begin("crash", live.number, [], {});
  const departure: Departure = {
    purpose: candidate === null ? { kind: "rest", status } : { kind: "replace" },
    handoff: leaves(handoff, at),
  };
  const leaving = survivors > 0
    ? escalate(ended, departure, "signaled", at)
    : to(ended, { ...departure, name: "leaving", escalation: "told", killedAfterMs: null });
  return after([{ type: "cancel", timer: `boot ${live.number}` }, fact], leaving);
}
