/** Parts that several sentences are made of. */
import type { StoredState } from "../decide/context.ts";
import type { RefusedRung } from "../decide/rung.ts";
import type { ExitStatus } from "../platform/platform.ts";
import type { StateKind } from "../state/envelope.ts";
import { size } from "./quantity.ts";

const KINDS: Readonly<Record<StateKind, string>> = {
  final: "final state",
  checkpoint: "checkpoint",
  file: "state file",
};

export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** As it would be typed: `"python 'a b.py'"`. */
export function quotedCommand(command: readonly string[]): string {
  const words = command.length === 1
    ? command
    : command.map((word) => /^[^\s'"]+$/.test(word) ? word : `'${word}'`);
  return `"${words.join(" ")}"`;
}

/** A sentence as the end of another: "No file is there" is "no file is there". */
export function asEnd(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
}

/** `"src/a.py" changed and 3 more`; empty where nothing changed. */
export function changedFiles(paths: readonly string[]): string {
  const [first, ...more] = paths;
  if (first === undefined) return "";
  return `${quoted(first)} changed${more.length > 0 ? ` and ${more.length} more` : ""}`;
}

/** `no reload at "gui.py:3", as SyntaxError: …`. */
export function refusedRung({ rung, why, file, line }: RefusedRung): string {
  const place = file === undefined ? "" : ` at ${quoted(line ? `${file}:${line}` : file)}`;
  return `no ${rung}${place}, as ${asEnd(why)}`;
}

export function exitOf(status: ExitStatus): string {
  return status.kind === "exited" ? `exit status ${status.code}` : `killed by ${status.signal}`;
}

/** `final state of generation 6 (1.2 kB)`. */
export function stateOf({ envelope }: StoredState): string {
  const { kind, generation, sizeBytes } = envelope;
  return `${KINDS[kind]} of generation ${generation} (${size(sizeBytes)})`;
}

/** Which state is used in place of one that `generation` should have left. */
export function insteadWith(state: StoredState | null, generation: number): string {
  if (state === null) return "going on without any state";
  const { kind, generation: saver, sizeBytes } = state.envelope;
  return saver === generation
    ? `going on with its ${KINDS[kind]} (${size(sizeBytes)})`
    : `going on with the state it was started with, the ${stateOf(state)}`;
}

/** What is wrong with a state, where `why` is what the store says of it: `is empty`. */
export function faultOf(why: string): string {
  return /^(is|was|has|cannot) /.test(why) ? `it ${why}` : asEnd(why);
}
