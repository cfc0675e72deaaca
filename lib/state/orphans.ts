import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Signal } from "../settings.ts";
import type { Reading } from "./envelope.ts";
import { lives, type RunRecord } from "./record.ts";
import type { Store } from "./store.ts";

const LOOK_AGAIN_MS = 20;
/** What the clients give a program to stop and save, once baton is gone. */
const LOST_MS = 10_000;
const KILL_MS = 5_000;

/**
 * Ends what is left of a run whose baton died: the trees of its generations, and whatever bears its mark.
 * Those that took part on the pipe are let end by themselves, as they have lost it; who was stopped is woken. The others, and what is
 * left after 10 s, get SIGTERM, and after `graceMs` milliseconds are killed. Resolves to the pids that were ended, once
 * they are gone; rejects with `BatonError` where one cannot be ended.
 */
export async function endOrphans(
  platform: Platform,
  { mark, generations }: RunRecord,
  graceMs: number,
): Promise<number[]> {
  const { processes } = platform;
  const alive = generations.filter((leader) => lives(platform, leader));
  const trees = alive.map(({ pid }) => processes.tree(pid, mark));
  const found = new Set<number>();

  function living(): number[] {
    const pids = new Set([...trees.flatMap((tree) => tree.alive()), ...processes.withMark(mark)]);
    pids.delete(processes.self);
    pids.forEach((pid) => found.add(pid));
    return [...pids];
  }

  function sendToAll(signal: Signal): void {
    for (const pid of living()) processes.kill(pid, signal);
  }

  /** Who was stopped could neither save nor end. */
  function wake(): void {
    living();
    for (const tree of trees) tree.wake();
  }

  const isOver = () => living().length === 0;
  // What they print went to the baton that died: a word while they save would end them before they have.
  const letGo = processes.standInForReaders(living());
  try {
    wake();
    if (alive.some(({ speaks }) => speaks)) await until(platform, isOver, LOST_MS);
    sendToAll("SIGTERM");
    wake();
    await until(platform, isOver, graceMs);
    await until(platform, () => (sendToAll("SIGKILL"), isOver()), KILL_MS);
  } finally {
    letGo();
  }
  const [stubborn] = living();
  if (stubborn === undefined) return [...found];
  throw new BatonError({
    what: "Cannot end what is left of the last run: a process goes on after SIGKILL",
    where: `process ${stubborn}`,
    next: `End it ("kill -KILL ${stubborn}", as its owner), then start baton again`,
  });
}

/** Takes over the last state that a dead baton's program left, if it is newer than the newest good one. */
export function adoptOrphaned(store: Store, record: RunRecord): Reading {
  return store.adopt(`left by the run of process ${record.pid}`);
}

/** Waits until it is so, for at most `withinMs`. */
async function until({ clock }: Platform, isSo: () => boolean, withinMs: number): Promise<void> {
  const deadline = clock.now() + withinMs;
  while (!isSo() && clock.now() < deadline) {
    await new Promise<void>((resolve) => void clock.after(LOOK_AGAIN_MS, resolve));
  }
}
