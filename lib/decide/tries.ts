/** The same files are not tried twice in a row. */
import type { EventOf } from "./event.ts";
import { again, type Handoff } from "./handoff.ts";
import type { Generation, Memory, Phase } from "./state.ts";
import { report, type Step, step } from "./step.ts";

/** Whether the files are those of the last try, which did not get past this live generation. */
export function wasTried(
  { attempted }: Memory,
  live: Generation,
  { differs }: EventOf<"changed">,
): boolean {
  return attempted !== null && attempted !== live.number && differs.get(attempted)?.length === 0;
}

/** The last try was taken back, before it came to anything or after it failed: made again, it is a new one. */
export function abandonTry(memory: Memory, live: Generation): Memory {
  return { ...memory, attempted: live.number, failed: null };
}

/** The files are again what live was started from; that is worth a word where an error was the last one. */
export function takeBack(memory: Memory, live: Generation, phase: Phase): Step {
  const next = abandonTry(memory, live);
  return memory.failed === null
    ? step(next, phase)
    : step(next, phase, report({ type: "taken back", generation: live.number }));
}

/** What to try once more where the last try failed, but may have read half of a save; null for nothing. */
export function secondTry(
  { attempted, failed }: Memory,
  { generation, at }: EventOf<"rewritten">,
): Handoff | null {
  return failed === null || failed.again || generation !== attempted ? null : again(failed, at);
}
