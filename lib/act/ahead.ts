import type { Fact } from "../decide/fact.ts";
import type { Timer } from "../decide/event.ts";
import { Gate, isGateWanted } from "../gate/gate.ts";
import type { Launch } from "../standby/launch.ts";
import { isStandbyWanted } from "../standby/options.ts";
import type { Woken } from "../platform/platform.ts";
import { Standby } from "../standby/standby.ts";
import { Debugged } from "./debugged.ts";
import type { RunnerOptions } from "./runner_options.ts";
import { STARTS, Timers } from "./timers.ts";

/** What parks a process for the next generation; null where none was asked for. */
export function standbyOf(
  { platform, settings, pipeFolder, mark, watched, onStandby }: RunnerOptions,
  requestOf: (generation: number) => Launch,
): Standby | null {
  if (!isStandbyWanted(platform, settings)) return null;
  const folder = () => pipeFolder.keep();
  const own = settings.standby === "own";
  return new Standby({ platform, folder, mark, watched, own, requestOf, onNews: onStandby });
}

/** What has the program wait once it is built; null where none was asked for. */
export function gateOf(
  { platform, settings, pipeFolder }: RunnerOptions,
  onBuilt: (generation: number) => void,
): Gate | null {
  if (!isGateWanted(platform, settings)) return null;
  return new Gate({ platform, folder: () => pipeFolder.keep(), onBuilt });
}

/** Deadlines, put off for whom a debugger holds, and where nothing is to be started. */
export function timersOf(
  { platform, onTrouble, isHeld }: RunnerOptions,
  wake: (generation: number) => Woken | undefined,
  onDeadline: (timer: Timer) => void,
): Timers {
  const debugged = new Debugged(wake, onTrouble);
  return new Timers(
    platform.clock,
    (timer) =>
      debugged.holdOf(timer) ?? (STARTS.includes(timer) && isHeld?.() === true ? "held" : null),
    onDeadline,
  );
}

/** Tells standby what has become of a generation; returns what is told of it, with how it was started. */
export function withStandby(standby: Standby, fact: Fact): Fact {
  if (fact.type === "candidate failed" || fact.type === "ended") standby.failed(fact.generation);
  if (fact.type !== "ready") return fact;
  const { generation, announced, timings } = fact;
  return { ...fact, standby: standby.ready(generation, announced, timings.bootMs ?? 0) };
}
