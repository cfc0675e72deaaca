import { type Need, type RefusedRung, RESTART } from "./rung.ts";

/** Why a generation is started. */
export type Reason = "first" | "change" | "restart" | "crash";

/**
 * How one generation follows another. Beside live boots what is `overlapped`, up to its barrier, and what is
 * `swapped`, until it answers on a port of its own; what is `built` is no more than that, and runs after it.
 */
export type Mode = "first" | "sequential" | "overlapped" | "swapped" | "built";

/** The moments of one handoff, in monotonic milliseconds. */
export interface Marks {
  /** The first file event. */
  readonly changed?: number | undefined;
  /** The commands before it began that must all succeed. */
  readonly preparing?: number | undefined;
  /** They had. */
  readonly prepared?: number | undefined;
  /** The candidate was spawned, or the old generation asked. */
  readonly acted?: number | undefined;
  /** The new generation was started. */
  readonly spawned?: number | undefined;
  /** The new generation reached the barrier. */
  readonly barrier?: number | undefined;
  /** The old generation was sent `shutdown`. */
  readonly asked?: number | undefined;
  /** The old generation began to stop: its first component, or all of it. */
  readonly stopping?: number | undefined;
  /** It ceased to serve, as far as that is known: what serves began to stop, or all of it. */
  readonly dark?: number | undefined;
  /** The last component stopped. */
  readonly stopped?: number | undefined;
  /** The old generation said that its state is saved. */
  readonly saved?: number | undefined;
  /** That state was read back. */
  readonly checked?: number | undefined;
  /** No process of the old generation was left. */
  readonly gone?: number | undefined;
  /** The new generation was sent `start`. */
  readonly opened?: number | undefined;
  /** The new generation was ready. */
  readonly ready?: number | undefined;
}

/** What the shutdown hook came to. */
export interface HookOutcome {
  /** The components that stopped, in their order. */
  readonly stopped: readonly { readonly component: string; readonly elapsedMs: number }[];
  /** The components that did not. */
  readonly failed: readonly { readonly component: string; readonly error: string }[];
}

/** One way from a cause to a generation that is ready. */
export interface Handoff {
  readonly mode: Mode;
  readonly reason: Reason;
  /** Changed paths, relative to the working directory. */
  readonly changed: readonly string[];
  /** The generation that hands over. */
  readonly from: number | null;
  readonly marks: Marks;
  readonly hook: HookOutcome;
  /** It is for the same files as the one before, which may have read them while they were written. */
  readonly again: boolean;
  /** What the rules ask for where these files change. */
  readonly need: Need;
  /** Why it takes no lower rung. */
  readonly refusals: readonly RefusedRung[];
}

export function handoff(
  reason: Reason,
  from: number | null,
  changed: readonly string[],
  marks: Marks,
  need: Need = RESTART,
): Handoff {
  return {
    mode: from === null ? "first" : "sequential",
    reason,
    changed,
    from,
    marks,
    hook: { stopped: [], failed: [] },
    again: false,
    need,
    refusals: [],
  };
}

/** The same once more, from the beginning. */
export function again(
  { reason, from, changed, need, refusals }: Handoff,
  at: number,
): Handoff {
  return { ...handoff(reason, from, changed, { changed: at }, need), again: true, refusals };
}

/** Sets a mark once: the first of several moments counts. */
export function marked(handoff: Handoff, mark: keyof Marks, at: number): Handoff {
  if (handoff.marks[mark] !== undefined) return handoff;
  return { ...handoff, marks: { ...handoff.marks, [mark]: at } };
}

/** The old generation goes as a whole: it has served until now. */
export function leaves(handoff: Handoff, at: number): Handoff {
  return marked(marked(handoff, "dark", at), "stopping", at);
}

/** Durations in milliseconds; absent where a step did not happen. */
export interface Timings {
  /** First file event to the first act on it. */
  readonly settleMs?: number;
  /** The commands that come before it. */
  readonly prepareMs?: number;
  /** Spawn to the barrier, or to ready where there is none. */
  readonly bootMs?: number;
  /** Shutdown sent to the last component stopped; 0 where there is none. */
  readonly askMs?: number;
  /** The last component stopped to the state saved. */
  readonly saveMs?: number;
  /** Saved to read back. */
  readonly checkMs?: number;
  /** From the check (or the signal) until no process was left. */
  readonly goneMs?: number;
  /** Barrier opened to ready. */
  readonly startMs?: number;
  /** What serves began to stop until the new generation was ready. */
  readonly darkMs?: number;
  /** In place of that, where it is not known what serves: from the first component that began to stop. */
  readonly stoppingMs?: number;
  /** First file event to ready. */
  readonly totalMs?: number;
}

function between(from: number | undefined, to: number | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.round((to - from) * 100) / 100);
}

/** From when to when each step lasted; undefined where its beginning or end did not happen. */
export function spans(
  marks: Marks,
): Record<keyof Timings, readonly [from: number | undefined, to: number | undefined]> {
  return {
    settleMs: [marks.changed, marks.acted],
    prepareMs: [marks.preparing, marks.prepared],
    bootMs: [marks.spawned, marks.barrier ?? marks.ready],
    askMs: [marks.asked, marks.stopped ?? marks.asked],
    saveMs: [marks.stopped ?? marks.asked, marks.saved],
    checkMs: [marks.saved, marks.checked],
    goneMs: [marks.checked ?? marks.stopping, marks.gone],
    startMs: [marks.opened, marks.ready],
    darkMs: [marks.dark, marks.ready],
    stoppingMs: [marks.dark === undefined ? marks.stopping : undefined, marks.ready],
    totalMs: [marks.changed, marks.ready],
  };
}

export function timings(marks: Marks): Timings {
  const all = Object.entries(spans(marks)).map(([step, [from, to]]) => [step, between(from, to)]);
  return Object.fromEntries(all.filter(([, ms]) => ms !== undefined));
}
