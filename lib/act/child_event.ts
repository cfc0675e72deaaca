import type { Event } from "../decide/event.ts";
import { messageOf } from "../errors.ts";
import { PlatformError } from "../platform/platform.ts";

/** What a program said and did, before it is an event of a certain time. */
export type ChildEvent = Event extends infer E
  ? E extends { generation: number } ? Omit<E, "at" | "generation"> : never
  : never;

/** It could not be started. */
export function spawnFailed(error: unknown): ChildEvent {
  const code = error instanceof PlatformError ? error.code : "UNKNOWN";
  return { type: "spawn failed", code, why: messageOf(error) };
}
