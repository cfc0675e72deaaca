/** Commands run that must succeed before the next generation is started. */
import { type Context, findLive, roleOf } from "./context.ts";
import { isLeftToOthers } from "./crash.ts";
import type { EventOf } from "./event.ts";
import { marked } from "./handoff.ts";
import { actSoon } from "./ladder.ts";
import { exited, gone } from "./processes.ts";
import { restart, startNow, stop } from "./requests.ts";
import { revert } from "./retry.ts";
import { needOf, RESTART } from "./rung.ts";
import type { StateOf } from "./state.ts";
import { after, report, to, type Transition } from "./transition.ts";

type Preparing = StateOf<"preparing">;

const END = { type: "end preparing" } as const;

/** The files that live, or what was started last, differs from. */
function changedIn(context: Context, event: EventOf<"changed">): readonly string[] {
  const live = findLive(context);
  return live === null ? event.paths : event.differs.get(live.number) ?? [];
}

/** A newer save of what is built ends the build, and begins anew; what it writes itself does not. */
export function amendPreparing(
  context: Context,
  state: Preparing,
  event: EventOf<"changed">,
): Transition {
  const { handoff } = state;
  const { rules } = context.policy;
  const changed = changedIn(context, event);
  if (findLive(context) !== null && changed.length === 0) {
    return after([END], revert(context, { name: "running" }));
  }
  const since = event.differs.get(context.attempted!) ?? [];
  const isOutdated = needOf(rules, since, event.ruled).commands.length > 0;
  const all = [...new Set([...handoff.changed, ...changed])].sort();
  const paths = findLive(context) === null ? all : changed;
  const need = { ...RESTART, commands: needOf(rules, paths, event.ruled).commands };
  const { acted: _acted, preparing: _preparing, ...marks } = handoff.marks;
  if (!isOutdated) return to(context, { ...state, handoff: { ...handoff, changed: paths } });
  const next = { ...handoff, changed: paths, need, marks };
  return to(untried(context), { name: "settling", handoff: next }, END);
}

/** All have succeeded: the next generation is started as ever. */
export function notePrepared(
  context: Context,
  state: Preparing,
  event: EventOf<"prepared">,
): Transition {
  const handoff = { ...marked(state.handoff, "prepared", event.at), need: RESTART };
  const next = actSoon(context, handoff, event.at, true);
  const { name } = next.state;
  return name === "settling" || name === "saving"
    ? { ...next, context: untried(next.context) }
    : next;
}

/** Live goes on, or nothing does: the next change is waited for. */
export function failPreparing(
  context: Context,
  state: Preparing,
  { at, command, status, lines }: EventOf<"command failed">,
): Transition {
  const { handoff } = state;
  const { next: generation } = context;
  const live = findLive(context)?.number ?? null;
  const { changed, marks: { preparing = at } } = handoff;
  const about = { generation, live, changed, command, status, lines, tookMs: at - preparing };
  const fact = report({ type: "command failed", ...about });
  const name = live === null ? "idle" : "running";
  return to({ ...context, failed: handoff }, { name }, fact, { type: "compare" });
}

export function stopPreparing(
  context: Context,
  state: Preparing,
  event: EventOf<"stop">,
): Transition {
  return after([END], stop(context, state, event));
}

/** A person does not wait for it. */
export function restartUnprepared(
  context: Context,
  _state: Preparing,
  event: EventOf<"restart">,
): Transition {
  const next = findLive(context) === null
    ? startNow(context, { name: "idle" }, event)
    : restart(context, { name: "running" }, event);
  return after([END], next);
}

/** Live ended meanwhile: what comes next is found by comparing, the build begins anew for that. */
export function exitedPreparing(
  context: Context,
  state: Preparing,
  event: EventOf<"exited">,
): Transition {
  if (roleOf(context, event) !== "live" || isLeftToOthers(event)) {
    return exited(context, state, event);
  }
  return after([END], exited(untried(context), { name: "running" }, event));
}

export function gonePreparing(
  context: Context,
  state: Preparing,
  event: EventOf<"gone">,
): Transition {
  if (roleOf(context, event) !== "live") return to(context, state);
  return after([END], gone(untried(context), { name: "running" }, event));
}

/** Nothing was started from the files that were prepared. */
function untried(context: Context): Context {
  return { ...context, attempted: findLive(context)?.number ?? null };
}
