import type { StoredState } from "../decide/context.ts";
import type { Store } from "../state/store.ts";
import type { AnswerTo, KeptState } from "./answers.ts";

/** A state that can be believed, as it is told. */
export function keptState({ path, envelope }: StoredState): KeptState {
  const { generation, savedAt, sizeBytes, tree = null } = envelope;
  const about = {
    generation,
    savedAt: Math.round(savedAt),
    sizeBytes,
    tree,
    good: envelope.good === true,
  };
  return { path, found: "good", why: null, ...about };
}

/** All states that are there, newest first. */
export function keptStates({ dir, list }: Pick<Store, "dir" | "list">): AnswerTo<"state"> {
  const states = list().flatMap((reading): KeptState[] => {
    if (reading.found === "missing") return [];
    if (reading.found === "good") return [keptState(reading)];
    const { found, path, why } = reading;
    const unknown = { generation: null, savedAt: null, sizeBytes: null, tree: null, good: null };
    return [{ path, found, why, ...unknown }];
  });
  return { dir, states };
}
