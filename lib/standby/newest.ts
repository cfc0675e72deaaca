import type { Launch } from "./launch.ts";
import type { StartedFrom } from "./news.ts";

/** The generation that was started last. */
export interface Newest {
  readonly generation: number;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly command: readonly string[];
  readonly env: Launch["env"];
  leader: number;
  from: StartedFrom;
  bootMs: number;
  /** It has said when it was ready: how long it takes is known for sure. */
  announced: boolean;
  /** It runs as it will, as far as anybody can tell. */
  isUp: boolean;
}

/** One that is started now, by the wall clock: cold for the reason `why`, where that is not null. */
export function startedNow(
  generation: number,
  { command, env }: Launch,
  startedAt: number,
  why: string | null,
): Newest {
  const from: StartedFrom = why === null ? { type: "standby" } : { type: "cold", why };
  return {
    generation,
    startedAt,
    command,
    env,
    leader: 0,
    from,
    bootMs: 0,
    announced: false,
    isUp: false,
  };
}
