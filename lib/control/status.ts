import { findCandidate, findLive } from "../decide/context.ts";
import { servesAlready } from "../decide/generation.ts";
import type { Machine } from "../decide/machine.ts";
import type { Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";
import type { HoldInfo, Status } from "./answers.ts";

export interface StatusSources {
  readonly platform: Platform;
  readonly settings: Pick<Settings, "cwd" | "command">;
  readonly stateDir: string;
  readonly machine: Machine;
  readonly isWatching: boolean;
  readonly holds: readonly HoldInfo[];
  readonly tree: string | null;
  differences(generation: number): string[];
}

/** What runs, and whether from the files as they are. */
export function statusOf(sources: StatusSources): Status {
  const { platform, settings: { cwd, command }, stateDir, machine, isWatching } = sources;
  const { context, state } = machine;
  const coming = findCandidate(context);
  const [live, candidate] = coming !== null && servesAlready(coming)
    ? [coming, null]
    : [findLive(context), coming];
  const now = platform.clock.now();
  const base = live?.number ?? context.attempted;
  return {
    version: VERSION,
    pid: platform.processes.self,
    cwd,
    stateDir,
    command: [...command],
    state: state.name,
    live: live && {
      generation: live.number,
      ready: live.readyAt !== null,
      uptimeMs: now - live.spawnedAt,
    },
    candidate: candidate &&
      { generation: candidate.number, uptimeMs: now - candidate.spawnedAt },
    watching: isWatching,
    changed: base === null ? [] : sources.differences(base),
    holds: sources.holds,
    tree: sources.tree,
  };
}
