import type { Reading } from "../state/envelope.ts";
import type { Message, View } from "./message.ts";
import { age, count, size } from "./quantity.ts";
import { shortPath } from "./short_path.ts";
import { faultOf, quoted } from "./words.ts";

type Look = Pick<View, "cwd" | "now"> & {
  /** Names the files as they are; null where nobody knows. */
  readonly tree: string | null;
};

/** The list of a store, as a message. */
export function statesMessage(dir: string, states: readonly Reading[], look: Look): Message {
  const folder = quoted(shortPath(dir, look.cwd));
  const rows = states.flatMap((state) => state.found === "missing" ? [] : [row(state, look)]);
  if (rows.length === 0) {
    return {
      weight: "news",
      what: `No state is kept in ${folder}`,
      next: "Let the program save through a client, or write a file to $BATON_STATE_OUT",
    };
  }
  const what = `${count(rows.length, "state")} in ${folder}`;
  return { weight: "news", what, lines: aligned(rows) };
}

/** What `baton state` prints: the list of a store, newest first. `now`: milliseconds since 1970. */
export function renderStates(dir: string, states: readonly Reading[], look: Look): string {
  const { what, lines = [], next } = statesMessage(dir, states, look);
  const rest = [...lines.map((line) => `  ${line}`), ...next === undefined ? [] : [next]];
  return [what, ...rest, ""].join("\n");
}

/** So much of the name of a tree tells it from the others that are kept. */
const SHORT_TREE = 8;

function row(
  reading: Exclude<Reading, { found: "missing" }>,
  { cwd, now, tree: present }: Look,
): string[] {
  const path = shortPath(reading.path, cwd);
  if (reading.found !== "good") return [reading.found, faultOf(reading.why), path];
  const { kind, generation, sizeBytes, savedAt, reason, tree, good } = reading.envelope;
  const parts = [
    `generation ${generation}`,
    size(sizeBytes),
    `${age(now - savedAt)} ago`,
    ...tree === undefined
      ? []
      : [`tree ${tree.slice(0, SHORT_TREE)}${tree === present ? " (these files)" : ""}`],
    ...good ? ["a good version"] : [],
  ];
  return [kind, (reason === kind ? parts : [...parts, reason]).join(", "), path];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  );
}
