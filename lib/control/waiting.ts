import { BatonError } from "../errors.ts";
import type { Clock } from "../platform/platform.ts";
import type { Verdict } from "./answers.ts";
import type { ControlClient } from "./client.ts";

/** Who starts baton and asks it at once is not to be told that there is none. */
export const COMING_MS = 1_000;
/** For so long another baton is waited for where one has ended: whoever starts it anew is done by then. */
const NEXT_MS = 10_000;

export interface NextBaton {
  readonly clock: Pick<Clock, "now">;
  /** Connects to the baton of this folder, which is waited for as long as that. Throws `BatonError`. */
  connect(patienceMs: number): Promise<ControlClient>;
}

/** A verdict, and whether it is that of a baton which was started after it was asked for. */
export interface WaitedFor {
  readonly verdict: Verdict;
  readonly restarted: boolean;
}

/**
 * What `first` says, within `timeoutMs`; where that baton ends meanwhile, what the next one says of the files as they
 * are then. Throws `BatonError`.
 */
export async function waitForVerdict(
  next: NextBaton,
  timeoutMs: number,
  first: () => Promise<Verdict>,
): Promise<WaitedFor> {
  const { clock } = next;
  const until = clock.now() + timeoutMs;
  let verdict = await first();
  let restarted = false;
  while (verdict.outcome === "stopped") {
    const leftMs = Math.ceil(until - clock.now());
    if (leftMs <= 0) break;
    const baton = await next.connect(Math.min(NEXT_MS, leftMs)).catch(noneCame);
    if (baton === null) break;
    verdict = await verdictOf(baton, Math.max(1, Math.ceil(until - clock.now())));
    restarted = verdict.outcome !== "stopped";
  }
  return { verdict, restarted };
}

/** The verdict of a baton; `stopped` once it is gone, where it ends. */
export async function verdictOf(baton: ControlClient, timeoutMs: number): Promise<Verdict> {
  let isClosed = false;
  baton.closed.then(() => isClosed = true);
  try {
    return await onceGone(baton, await baton.ask("wait", { timeoutMs }));
  } catch (error) {
    if (error instanceof BatonError && isClosed) return { outcome: "stopped" };
    throw error;
  }
}

/** The verdict; where the baton ends that has given it, once that is gone. */
export async function onceGone(baton: ControlClient, verdict: Verdict): Promise<Verdict> {
  if (verdict.outcome === "stopped") await baton.closed;
  return verdict;
}

function noneCame(error: unknown): null {
  if (error instanceof BatonError) return null;
  throw error;
}
