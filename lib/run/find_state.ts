import type { StoredState } from "../decide/context.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../state/store.ts";

/** The state that the first generation resumes from; null for none. */
export function findState(
  { fresh }: Settings,
  store: Store,
  log: (item: Item) => void,
): StoredState | null {
  if (fresh) return null;
  const newest = store.newest({ startedAnew: true });
  log({ type: "resuming", newest });
  const { reading } = newest;
  return reading.found === "good" ? reading : null;
}
