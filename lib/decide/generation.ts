import type { ExitStatus } from "../platform/platform.ts";
import type { EventOf } from "./event.ts";
import type { StoredState } from "./context.ts";
import type { Handoff } from "./handoff.ts";

/**
 * What a generation is to baton. `live` serves, or served last and is on its way out; `candidate` is to
 * follow it; `aborted` was one and is being killed. One that is retired has been followed already: `draining` ends
 * what it has begun, `departing` was signaled.
 */
export type Role = "live" | "candidate" | "aborted" | "draining" | "departing";

/** A process of a generation that said hello and is connected. */
export interface Participant {
  /** Counted from 0 in the order of their first hello. */
  readonly id: number;
  readonly pid: number;
  readonly capabilities: readonly string[];
  /** The components by which others reach it, where it says so. */
  readonly serves: readonly string[];
  /** It said that it serves: only then it has a state. */
  readonly isReady: boolean;
}

/** One run of the program. */
export interface Generation {
  readonly number: number;
  readonly role: Role;
  readonly spawnedAt: number;
  /** Those connected now, in the order of their hello: the state of the first is the one that counts. */
  readonly participants: readonly Participant[];
  /** Whether it ever said hello: then only a state it vouches for is believed. */
  readonly spoke: boolean;
  /** Monotonic milliseconds when the barrier opened; null before. */
  readonly openedAt: number | null;
  readonly readyAt: number | null;
  /** What its build tool has built waits, or was let run; null before, and where nothing is built. */
  readonly gate: "closed" | "open" | null;
  /** How its leading process ended; null while that runs. */
  readonly ended: ExitStatus | null;
  /** What it is to resume from in place of the newest state: known of a candidate. */
  readonly rewind: StoredState | null;
  /** The handoff that brought it. */
  readonly arrival: Handoff;
}

/** Whether the participant whose state counts offers this. */
export function offers({ participants }: Generation, capability: string): boolean {
  return participants[0]?.capabilities.includes(capability) ?? false;
}

/** Whether others reach it by a component, or, without a name, by one that it has named. */
export function serves({ participants }: Generation, component?: string): boolean {
  return participants.some(({ serves }) =>
    component === undefined ? serves.length > 0 : serves.includes(component)
  );
}

/** Whether this is the participant whose state counts: the first of those connected. */
export function isFirst({ participants }: Generation, participant: number): boolean {
  return participants[0]?.id === participant;
}

/** The generation after a hello of one of its participants, which may have said hello before. */
export function greeted(generation: Generation, event: EventOf<"hello">): Generation {
  const { participant: id, pid, capabilities, components } = event;
  const serves = components.filter((component) => component.serves).map(({ name }) => name);
  const known = generation.participants.find((other) => other.id === id);
  const one: Participant = { id, pid, capabilities, serves, isReady: known?.isReady ?? false };
  const participants = known
    ? generation.participants.map((other) => other.id === id ? one : other)
    : [...generation.participants, one];
  return { ...generation, spoke: true, participants };
}

/** The generation after a participant's connection ended. */
export function parted(generation: Generation, participant: number): Generation {
  const participants = generation.participants.filter(({ id }) => id !== participant);
  return { ...generation, participants };
}

/** Whether it was followed, and no state has to do with it any more. */
export function isRetired({ role }: Generation): boolean {
  return role === "draining" || role === "departing";
}

/** Whether a candidate has taken the place of live already, which is still to end what it has begun. */
export function servesAlready({ arrival: { mode, marks } }: Generation): boolean {
  return mode === "swapped" && marks.ready !== undefined;
}
