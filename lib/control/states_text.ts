import { age, size } from "../report/quantity.ts";
import type { KeptState } from "./answers.ts";

/** So much of the name of a tree tells it from the others that are kept. */
const SHORT_TREE = 8;

/** The kept states, each with the number that a rewind takes. `present` names the files as they are. */
export function statesText(
  states: readonly KeptState[],
  present: string | null,
  now: number,
): string {
  let number = 0;
  const rows = states.map((state) => {
    if (state.found !== "good") return `-  ${state.found}: ${state.why}`;
    const { generation, savedAt, sizeBytes, tree, good } = state;
    const parts = [
      `generation ${generation}`,
      ...sizeBytes === null ? [] : [size(sizeBytes)],
      ...savedAt === null ? [] : [`${age(now - savedAt)} ago`],
      ...tree === null ? [] : [
        `files ${tree.slice(0, SHORT_TREE)}${tree === present ? " (as they are now)" : ""}`,
      ],
      ...good ? ["a good version"] : [],
    ];
    return `${++number}  ${parts.join(", ")}`;
  });
  return rows.length === 0 ? "No state is kept" : rows.join("\n");
}
