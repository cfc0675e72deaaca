import type { StoredState } from "./context.ts";
import type { Saved, Timer } from "./event.ts";
import type { Fact } from "./fact.ts";
import type { Reason } from "./handoff.ts";
import type { LowerRung } from "./rung.ts";

/** What is to be done. */
export type Effect =
  | {
    readonly type: "spawn";
    readonly generation: number;
    readonly reason: Reason;
    readonly changed: readonly string[];
    /** Null for a candidate: its state does not exist yet. */
    readonly state: StoredState | null;
  }
  /** Puts the state where a generation that waits at its barrier will read it. */
  | { readonly type: "lay out"; readonly generation: number; readonly state: StoredState | null }
  /** Lets what was built run, with the state laid out for it. */
  | { readonly type: "execute"; readonly generation: number; readonly state: StoredState | null }
  /** Opens the barrier, for one participant. */
  | {
    readonly type: "open";
    readonly generation: number;
    readonly participant: number;
    /** No other is connected: it gets the newest state, else what the others got. */
    readonly alone: boolean;
    readonly reason: Reason;
    readonly changed: readonly string[];
    readonly state: StoredState | null;
  }
  /** Asks the participant whose state counts to save while it serves. */
  | {
    readonly type: "checkpoint";
    readonly generation: number;
    readonly participant: number;
  }
  /** Asks every participant to stop its components and save. */
  | {
    readonly type: "ask";
    readonly generation: number;
    readonly reason: "change" | "restart" | "stop";
    readonly changed: readonly string[];
    readonly deadlineMs: number;
  }
  /** Asks these participants to take a change without a restart. */
  | {
    readonly type: "step";
    readonly generation: number;
    readonly participants: readonly number[];
    readonly step: number;
    readonly rung: LowerRung;
    readonly paths: readonly string[];
    readonly deadlineMs: number;
  }
  /** It has: these files of it are, for it, as they were when it was asked. */
  | {
    readonly type: "adopt";
    readonly generation: number;
    readonly paths: readonly string[];
    /** Whether live runs them now; else a start of that generation would fail, and was not tried. */
    readonly isTaken: boolean;
  }
  /** Runs commands, in order, until one fails, for the generation to come. */
  | {
    readonly type: "prepare";
    readonly generation: number;
    readonly commands: readonly string[];
    readonly changed: readonly string[];
  }
  /** Ends the command that runs, with its whole tree. */
  | { readonly type: "end preparing" }
  /** Reads back what was saved. */
  | { readonly type: "check"; readonly claim: Saved }
  /** Says `exit` to every participant. */
  | { readonly type: "release"; readonly generation: number }
  /** The stop signal, to the whole group. */
  | { readonly type: "signal"; readonly generation: number }
  /** Kills the whole tree. */
  | { readonly type: "kill"; readonly generation: number }
  /** What comes from now on goes to it. */
  | { readonly type: "route"; readonly generation: number }
  /** Nothing new goes to it; posts `drained` once nothing is under way. */
  | { readonly type: "drain"; readonly generation: number }
  /** Starts the readiness probe. */
  | { readonly type: "probe"; readonly generation: number }
  | { readonly type: "timer"; readonly timer: Timer; readonly ms: number }
  | { readonly type: "cancel"; readonly timer: Timer }
  /** Compares the disk with what was last started, and posts `changed` where they differ. */
  | { readonly type: "compare" }
  | { readonly type: "report"; readonly fact: Fact }
  | { readonly type: "quit"; readonly status: number };

export type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;
