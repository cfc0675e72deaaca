import type {
  FromBaton,
  FromBatonOf,
  FromProgram,
  FromProgramOf,
} from "../lib/protocol/message.ts";
import { type Entry, readTranscript } from "../tests/wire/transcript.ts";

type Examples<Message extends { type: string }> = {
  readonly [Type in Message["type"]]: Extract<Message, { type: Type }>;
};
type Of<Side extends string> = Extract<Entry, { readonly [key in Side]: unknown }>;

const handoff = readTranscript("overlapped").entries;
const late = readTranscript("late").entries;
const refusal = readTranscript("refused").entries;
const junk = readTranscript("junk").entries;
const notify = readTranscript("notify").entries;
const recycle = readTranscript("recycle").entries;
const unknown = readTranscript("unknown_type", "played").entries;

/** The last message of a type that a program says in a transcript. */
function said<Type extends FromProgram["type"]>(type: Type, entries: readonly Entry[]) {
  const found = entries.filter((entry): entry is Of<"program"> => "program" in entry)
    .map(({ program }) => program)
    .findLast((message) => message.type === type);
  return found as FromProgramOf<Type>;
}

/** The last message of a type that a program hears in a transcript. */
function heard<Type extends FromBaton["type"]>(type: Type, entries: readonly Entry[]) {
  const found = entries.filter((entry): entry is Of<"baton"> => "baton" in entry)
    .map(({ baton }) => baton)
    .findLast((message) => message.type === type);
  return found as FromBatonOf<Type>;
}

/** One message of each type, as it was said. */
export const EXAMPLES: { fromProgram: Examples<FromProgram>; fromBaton: Examples<FromBaton> } = {
  fromProgram: {
    hello: said("hello", handoff),
    ready: said("ready", handoff),
    stopping: said("stopping", handoff),
    stopped: said("stopped", handoff),
    failed: said("failed", late),
    saved: said("saved", handoff),
    refused: said("refused", refusal),
    done: said("done", notify),
    declined: said("declined", notify),
    error: said("error", unknown),
  },
  fromBaton: {
    start: heard("start", handoff),
    shutdown: heard("shutdown", handoff.filter(({ generation }) => generation === 1)),
    exit: heard("exit", handoff),
    checkpoint: heard("checkpoint", handoff),
    changed: heard("changed", notify),
    reload: { ...heard("changed", notify), type: "reload", paths: ["gui/draw.py"] },
    recycle: heard("recycle", recycle),
    error: heard("error", junk),
  },
};

/** A whole handoff, a line a message: `>` from the program, `<` from baton. */
export function conversation(generation: number): string {
  return handoff.filter((entry) => entry.generation === generation).flatMap((entry) => {
    if ("program" in entry) return [`> ${JSON.stringify(entry.program)}`];
    return "baton" in entry ? [`< ${JSON.stringify(entry.baton)}`] : [];
  }).join("\n");
}
