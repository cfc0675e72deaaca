/**
 * # Theory of operation
 *
 * `transition(state, event) -> [state, effects]` is the whole mind of baton: pure, total, and without a
 * clock. A state is a *memory* (what holds in every phase) and a *phase* (what is going on). An in-between
 * (asking, checking, leaving, a candidate booting) is a phase with fields, never a flag.
 *
 * At most two generations are alive: `live` (or `old`, once it was asked to leave) and `candidate` (or
 * `dying`, once it is being ended). A phase that could start one names none that would make it a third.
 *
 *     idle ─ changed ─▶ settling ─ settled ─▶ starting ─ ready ─▶ running
 *     running ─ changed ─▶ settling ─ settled ─▶ asking ─ saved ─▶ checking ─▶ leaving ─ gone ─▶ starting
 *     running ─ changed ─▶ booting ─ at the barrier and settled ─▶ asking ─ … ─ gone ─▶ starting
 */
import type { ExitStatus } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { Envelope } from "../state/envelope.ts";
import type { EventOf, Saved } from "./event.ts";
import type { Handoff } from "./handoff.ts";

export type Policy = Pick<
  Settings,
  "handoff" | "bootTimeoutMs" | "hookTimeoutMs" | "stopTimeoutMs" | "signal" | "onCrash" | "exit"
>;

/** A state that was read back and believed. */
export interface GoodState {
  /** Where its bytes are. */
  readonly path: string;
  /** What is known of them. */
  readonly envelope: Envelope;
}

/** One run of the program. */
export interface Generation {
  readonly number: number;
  readonly spawnedAt: number;
  /** The participants connected now; the first that ever said hello is 0. */
  readonly participants: readonly number[];
  /** Whether it ever said hello: then only a state it vouches for is believed. */
  readonly spoke: boolean;
  /** What its first participant offers. */
  readonly capabilities: readonly string[];
  /** Monotonic milliseconds when the barrier opened; null before. */
  readonly openedAt: number | null;
  readonly readyAt: number | null;
  /** How its leading process ended; null while that runs. */
  readonly ended: ExitStatus | null;
  /** The handoff that brought it. */
  readonly arrival: Handoff;
}

/** What holds in every phase. */
export interface Memory {
  readonly policy: Policy;
  /** A readiness probe was asked for: a program is ready when it answers. */
  readonly probed: boolean;
  /** The number of the next generation. */
  readonly next: number;
  /** The newest state that can be believed. */
  readonly best: GoodState | null;
  /** The generation last tried: the same files are not tried twice in a row. */
  readonly attempted: number | null;
  /** What that one was for, if it failed beside a live one. */
  readonly failed: Handoff | null;
  /** The last generation that was ready. */
  readonly lastReady: number | null;
  /** The last program that ran spoke on the pipe, so the next is expected to. */
  readonly speaks: boolean;
  /** No file event is waiting for its settle time. */
  readonly calm: boolean;
  /** Crashes in a row, for the backoff. */
  readonly crashes: number;
}

/** Why a generation leaves, and what comes after it. */
export type Purpose =
  | { readonly kind: "replace" }
  | { readonly kind: "stop"; readonly by: string }
  /** It ended by itself. */
  | { readonly kind: "rest"; readonly status: ExitStatus };

/** How far the ending of a generation has gone. */
export type Pressure = "told" | "signaled" | "killed";

interface Departure {
  readonly old: Generation;
  readonly candidate: Generation | null;
  readonly dying: Generation | null;
  readonly purpose: Purpose;
  /** The handoff under way; what a candidate arrives by, once it is opened. */
  readonly handoff: Handoff;
}

export type Phase =
  /** Nothing runs. */
  | { readonly name: "idle" }
  /** Nothing runs, and it will be started again by itself. */
  | { readonly name: "backoff" }
  /** Files changed; what cannot be taken back waits for them to settle. */
  | { readonly name: "settling"; readonly live: Generation | null; readonly handoff: Handoff }
  /** The only generation, not yet ready. */
  | { readonly name: "starting"; readonly live: Generation }
  | { readonly name: "running"; readonly live: Generation }
  /** The candidate boots, or waits at the barrier, while live serves. */
  | {
    readonly name: "booting";
    readonly live: Generation;
    readonly candidate: Generation;
  }
  /** The candidate is being ended while live serves. */
  | {
    readonly name: "dismissing";
    readonly live: Generation;
    readonly dying: Generation;
    /** What comes after: another candidate for the newest files, or nothing. */
    readonly retry: Handoff | null;
  }
  /** The old generation was asked to stop its components and save. */
  | Departure & {
    readonly name: "asking";
    /** Participants that have not answered. */
    readonly waiting: readonly number[];
    readonly claim: Saved | null;
  }
  /** What it saved is being read back, while it still lives. */
  | Departure & {
    readonly name: "checking";
    /** Its last process ended meanwhile; null while one lives. */
    readonly gone: EventOf<"gone"> | null;
  }
  /** It was told to leave; it is gone when its whole tree is. */
  | Departure & { readonly name: "leaving"; readonly pressure: Pressure }
  | { readonly name: "ended"; readonly status: number };

export type PhaseOf<N extends Phase["name"]> = Extract<Phase, { name: N }>;

export interface State {
  readonly memory: Memory;
  readonly phase: Phase;
}

/** Before anything was started. */
export function initialState(policy: Policy, probed: boolean, best: GoodState | null): State {
  return {
    memory: {
      policy,
      probed,
      next: 1,
      best,
      attempted: null,
      failed: null,
      lastReady: null,
      speaks: false,
      calm: true,
      crashes: 0,
    },
    phase: { name: "idle" },
  };
}

/** The generations that have processes, as far as the mind knows. */
export function alive({ phase }: State): readonly Generation[] {
  const { live, candidate, old, dying } = phase as {
    live?: Generation | null;
    candidate?: Generation | null;
    old?: Generation;
    dying?: Generation | null;
  };
  return [live, old, candidate, dying].filter((one) => one != null);
}

/** The generations whose files are compared with the disk. */
export function compared(state: State): readonly number[] {
  const numbers = alive(state).map(({ number }) => number);
  const { attempted } = state.memory;
  return attempted === null || numbers.includes(attempted) ? numbers : [...numbers, attempted];
}
