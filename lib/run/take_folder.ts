import { BatonError } from "../errors.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import { lockFolder } from "../state/lock.ts";
import { adoptOrphaned, endOrphans } from "../state/orphans.ts";
import type { RecordKeeper, RunRecord } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import { removeLeft } from "../state/temporary.ts";

/** Locks the folder, and ends and takes over what a baton that died has left in it. */
export async function takeFolder(
  platform: Platform,
  { command, cwd, stopTimeoutMs }: Settings,
  store: Store,
  mark: Readonly<Record<string, string>>,
  log: (item: Item) => void,
): Promise<RecordKeeper> {
  const lock = lockFolder(platform, store, command, mark);
  if (!lock.locked) {
    const { pid, command } = lock.holder;
    throw new BatonError({
      what: `Another baton runs "${command.join(" ")}" in this folder`,
      where: `process ${pid}, ${cwd}`,
      next: `Stop it ("kill ${pid}"), or give this one a folder of its own with "--state-dir"`,
    });
  }
  const { orphaned, record, strange } = lock;
  if (strange[0] !== undefined) log({ type: "warning", ...strangeRecord(strange[0]) });
  if (orphaned !== null) {
    const pids = await endOrphans(platform, orphaned, stopTimeoutMs);
    const adopted = adoptOrphaned(store, orphaned).found === "good";
    removeTemporary(platform, orphaned, log);
    log({ type: "orphans", command: orphaned.command, pids, adopted });
  }
  return record;
}

function removeTemporary(
  platform: Platform,
  { temporary }: RunRecord,
  log: (item: Item) => void,
): void {
  if (temporary === undefined) return;
  try {
    removeLeft(platform, temporary);
  } catch (error) {
    const what = `Cannot remove what the last run has left: ${reasonOf(refusedBySystem(error))}`;
    log({ type: "warning", what, where: temporary.dir, next: "Remove it" });
  }
}

function strangeRecord(path: string): { what: string; where: string; next: string } {
  return {
    what:
      "Leaves a record alone that this user's baton did not write here: it came with a checkout, or from another folder",
    where: path,
    next: "Remove it, unless another baton starts there at this moment",
  };
}
