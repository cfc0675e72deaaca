import type { EventOf, Saved } from "./event.ts";
import type { Handoff } from "./handoff.ts";
import type { LowerRung } from "./rung.ts";
import type { ExitStatus } from "../platform/platform.ts";

/** Why a generation leaves, and what comes after it. */
export type Purpose =
  /** `restartAt`: a person asked then for a restart of what has replaced it already. */
  | { readonly kind: "replace"; readonly restartAt?: number }
  | { readonly kind: "stop"; readonly by: string }
  /** It ended by itself. */
  | { readonly kind: "rest"; readonly status: ExitStatus };

/** How far the ending of a generation has gone; `draining`: requests to it come to their end first. */
export type Escalation = "draining" | "told" | "signaled" | "killed";

/** What live leaves for, and the handoff under way: what a candidate arrives by, once it is opened. */
export interface Departure {
  readonly purpose: Purpose;
  readonly handoff: Handoff;
}

/** What is going on. Which processes there are is told by the generations of the context. */
export type State =
  | { readonly name: "idle" }
  | {
    readonly name: "settling";
    readonly handoff: Handoff;
    /** It is one of a burst that leaves the program broken: waited for is the end of that. */
    readonly untilQuiet?: boolean;
  }
  | { readonly name: "running" }
  /** `saving`: live was asked for a checkpoint, and has not answered. */
  | { readonly name: "booting"; readonly saving: boolean }
  /** `retry` is what comes after: another candidate for the newest files, or nothing. */
  | { readonly name: "aborting"; readonly retry: Handoff | null }
  | { readonly name: "saving"; readonly handoff: Handoff }
  | {
    readonly name: "stepping";
    readonly handoff: Handoff;
    /** Which request it is. */
    readonly step: number;
    readonly rung: LowerRung;
    /** Participants that were asked, and those of them that have not answered. */
    readonly asked: readonly number[];
    readonly waiting: readonly number[];
  }
  | { readonly name: "preparing"; readonly handoff: Handoff }
  | Departure & {
    readonly name: "stopping";
    /** The participant whose state counts. */
    readonly first: number;
    /** Participants that have not answered. */
    readonly waiting: readonly number[];
    readonly saved: Saved | null;
    /** What it saved is being read back. */
    readonly checking: boolean;
    /** Its last process ended meanwhile; null while one lives. */
    readonly gone: EventOf<"gone"> | null;
  }
  | Departure & {
    readonly name: "leaving";
    readonly escalation: Escalation;
    /** It had to be killed after so long; told once it is gone. */
    readonly killedAfterMs: number | null;
  }
  | { readonly name: "ended"; readonly status: number };

export type StateName = State["name"];
export type StateOf<N extends StateName> = Extract<State, { name: N }>;

/** Every state, in the order of the table's columns, and what it means. */
export const STATES = {
  idle: "Nothing runs; a change is waited for, or the time of a restart after a crash",
  settling: "Files changed, and what cannot be undone waits for them to settle",
  running: "One generation, and nothing else under way; ready or not",
  stepping: "Live was asked to take a change without a restart; it serves",
  preparing: "Commands run that must succeed before the next generation is started; live serves",
  booting: "The candidate boots, or waits at the barrier, while live serves",
  aborting: "A candidate is being killed while live serves",
  saving: "Live was asked for a checkpoint while it still serves; then it is asked to stop",
  stopping: "Live was asked to stop its components and to save; what it saved is read back",
  leaving: "Live was told to leave, and is gone when its whole tree is",
  ended: "Baton ends",
} as const satisfies Readonly<Record<StateName, string>>;
