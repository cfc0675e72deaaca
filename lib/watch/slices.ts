import type { Clock } from "../platform/platform.ts";

/** Work that can be put down at every `yield`. */
export type Work = Generator<void, void, void>;

/** How long work may keep the loop from everything else. */
const SLICE_MS = 8;

/** Does the work in slices, so that the loop is never kept for long; stops early where `isOver` says so. */
export async function inSlices(
  clock: Clock,
  work: Work,
  { isOver = () => false, restMs = 0 }: { isOver?: () => boolean; restMs?: number } = {},
): Promise<void> {
  let until = clock.now() + SLICE_MS;
  while (!isOver() && !work.next().done) {
    if (clock.now() < until) continue;
    await new Promise<void>((done) => clock.after(restMs, done));
    until = clock.now() + SLICE_MS;
  }
}
