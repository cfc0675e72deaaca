import type { Settings } from "../settings.ts";
import type { Envelope } from "../state/envelope.ts";
import type { Burst } from "./burst.ts";
import { type Generation, isRetired, type Role } from "./generation.ts";
import type { Handoff } from "./handoff.ts";

export type Policy = Pick<
  Settings,
  | "handoff"
  | "proxy"
  | "bootTimeoutMs"
  | "hookTimeoutMs"
  | "stopTimeoutMs"
  | "signal"
  | "onCrash"
  | "exit"
  | "rules"
>;

/** A state that was read back and believed. */
export interface StoredState {
  /** Where its bytes are. */
  readonly path: string;
  /** What is known of them. */
  readonly envelope: Envelope;
}

/** What holds in every state. */
export interface Context {
  readonly policy: Policy;
  /** A readiness probe was asked for, or baton is in front of it: a program is ready when it answers. */
  readonly probed: boolean;
  /** Every generation that has processes, as far as is known. */
  readonly generations: readonly Generation[];
  /** The number of the next generation. */
  readonly next: number;
  /** The newest state that can be believed. */
  readonly best: StoredState | null;
  /** What the next generation is to resume from in place of that. */
  readonly rewind: StoredState | null;
  /** The generation last tried: the same files are not tried twice in a row. */
  readonly attempted: number | null;
  /** What that one was for, if it failed beside a live one, or live refused to hand over. */
  readonly failed: Handoff | null;
  /** That was live's refusal, and says nothing of the files. */
  readonly refused: boolean;
  /** The generation that gave no answer when it was to save a checkpoint: it is not asked for another. */
  readonly silent: number | null;
  /** The last candidates that were begun in quick succession. */
  readonly burst: Burst | null;
  /** Why the next one cannot run beside live, as far as was seen; null where nothing speaks against it. */
  readonly conflict: string | null;
  /** The program itself said so, and how it looks once it is ready changes nothing. */
  readonly conflictIsSaid: boolean;
  /** A program without the pipe was seen to leave a state: the next one needs it at its start. */
  readonly leaves: boolean;
  /** The last one without the pipe that was stopped for the next left none. */
  readonly leavesNothing: boolean;
  /** What was told already, and is told once. */
  readonly told: readonly string[];
  /** The last generation that was ready. */
  readonly lastReady: number | null;
  /** The last program that ran spoke on the pipe, so the next is expected to. */
  readonly speaks: boolean;
  /** The last program that ran was built first, so the next is expected to be. */
  readonly builds: boolean;
  /** No file event is waiting for its settle time. */
  readonly settled: boolean;
  /** Crashes in a row, for the backoff. */
  readonly crashes: number;
  /** How often live was asked to take a change without a restart. */
  readonly steps: number;
}

/** Before anything was started. */
export function initialContext(policy: Policy, probed: boolean, best: StoredState | null): Context {
  return {
    policy,
    probed,
    generations: [],
    next: 1,
    best,
    rewind: null,
    attempted: null,
    failed: null,
    refused: false,
    silent: null,
    burst: null,
    conflict: null,
    conflictIsSaid: false,
    leaves: best !== null,
    leavesNothing: false,
    told: [],
    lastReady: null,
    speaks: false,
    builds: false,
    settled: true,
    crashes: 0,
    steps: 0,
  };
}

function withRole({ generations }: Context, role: Role): Generation | null {
  return generations.find((one) => one.role === role) ?? null;
}

/** The live generation; null where there is none. */
export function findLive(context: Context): Generation | null {
  return withRole(context, "live");
}

/** The live generation, in a state that has one. */
export function liveOf(context: Context): Generation {
  const live = findLive(context);
  if (live === null) throw new Error("No generation is live");
  return live;
}

export function findCandidate(context: Context): Generation | null {
  return withRole(context, "candidate");
}

/** What the generation of an event is to baton; null where it is known no more. */
export function roleOf({ generations }: Context, { generation }: { generation: number }) {
  return generations.find(({ number }) => number === generation)?.role ?? null;
}

/** The program itself said why it cannot run beside another. */
export function withSaidConflict(context: Context, conflict: string): Context {
  return { ...context, conflict, conflictIsSaid: true };
}

/** One was seen that holds nothing which only one can hold. */
export function withoutConflict(context: Context): Context {
  return context.conflictIsSaid ? context : { ...context, conflict: null };
}

/** With this generation in the place of what was known of it, or added. */
export function put(context: Context, generation: Generation): Context {
  const others = context.generations.filter(({ number }) => number !== generation.number);
  return { ...context, generations: [...others, generation] };
}

/** With one generation changed, where it is known. */
export function update(
  context: Context,
  number: number,
  change: (generation: Generation) => Generation,
): Context {
  const generations = context.generations.map((one) => one.number === number ? change(one) : one);
  return { ...context, generations };
}

/** Without a generation that is gone. */
export function drop(context: Context, number: number): Context {
  return { ...context, generations: context.generations.filter((one) => one.number !== number) };
}

/** The generations whose files are compared with the disk. */
export function compared({ generations, attempted }: Context): readonly number[] {
  const numbers = generations.filter((one) => !isRetired(one)).map(({ number }) => number);
  return attempted === null || numbers.includes(attempted) ? numbers : [...numbers, attempted];
}
