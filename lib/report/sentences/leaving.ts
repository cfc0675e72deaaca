/** Sentences about a generation that goes because it was asked to, and about what it saves. */
import type { ItemOf } from "../item.ts";
import type { Message, Sentences } from "../message.ts";
import { duration } from "../quantity.ts";
import { asEnd, changedFiles, faultOf, insteadWith, quoted, stateOf } from "../words.ts";

type Hook = ItemOf<"hook">;
type Escalated = ItemOf<"escalated">;

const NEXT_BY_FAULT: Readonly<Record<ItemOf<"state rejected">["found"], string>> = {
  "missing": "Write the state to the path that was given before saying that it is saved",
  "torn": "Write the state beside its path, sync it, then rename it",
  "corrupt":
    "Write a plain file there; who speaks on the pipe gives the size and SHA-256 of exactly its bytes",
  "too old": 'Resume older state with a longer "--max-age"',
};

const NEXT_UNSTORED = "Free the place; the states that were saved before are still there";

function hook({ generation, trouble, state }: Hook): Message {
  const instead = insteadWith(state, generation);
  switch (trouble.kind) {
    case "component":
      return {
        weight: "warning",
        what: `Component ${
          quoted(trouble.component)
        } of generation ${generation} did not stop: ${trouble.error}`,
        next:
          "See its stop function (a server's may wait for open connections); the others are stopped all the same",
      };
    case "refused":
      return {
        weight: "error",
        what: `Generation ${generation} refused to save: ${trouble.why}; ${instead}`,
        next: "See why its save failed, then save a fix",
      };
    case "late":
      return {
        weight: "error",
        what: `Generation ${generation} gave no answer to shutdown in ${
          duration(trouble.afterMs)
        }; ${instead}`,
        next:
          'See what its stop and save functions wait for, or give them longer with "--hook-timeout"',
      };
    case "lost":
      return {
        weight: "error",
        what: `Generation ${generation} saved nothing: ${asEnd(trouble.why)}; ${instead}`,
        next: "See why it ends while it is being stopped, then save a fix",
      };
  }
}

/** First cause first: what it was to leave for, why it did not go by itself, what was done. */
function killed({ generation, changed, afterMs }: Escalated, cause: string | undefined): Message {
  const causes = [
    changedFiles(changed),
    cause ?? `alive ${duration(afterMs)} after the stop signal`,
    "killed",
  ].filter((part) => part !== "");
  return {
    weight: "error",
    what: `Generation ${generation} stopped: ${causes.join(", ")}`,
    next: 'Let it end on the stop signal, or give it longer with "--stop-timeout"',
  };
}

type Survivors = ItemOf<"not killed">["processes"];

function survivor({ pid, command, why }: Survivors[number]): string {
  return `process ${pid}${command === "" ? "" : ` (${quoted(command)})`} ${asEnd(why)}`;
}

const killing = (processes: Survivors) => `"kill ${processes.map(({ pid }) => pid).join(" ")}"`;

export const leaving: Sentences<
  "hook" | "escalated" | "not killed" | "checkpoint" | "state rejected" | "protocol error"
> = {
  hook: (item) => [hook(item)],
  escalated: (item, { causeOf }) =>
    item.by === "kill" ? [killed(item, causeOf(item.generation))] : [{
      weight: "warning",
      what: `Generation ${item.generation} has not left ${
        duration(item.afterMs)
      } after "exit"; sent it the stop signal`,
      next: "See what keeps the process alive after its stop functions have run",
    }],
  checkpoint: ({ state }) => [{ weight: "detail", what: `Keeps the ${stateOf(state)}` }],
  "state rejected": ({ generation, found, why, state }) => [{
    weight: "error",
    what: `Cannot use the state of generation ${generation}: ${faultOf(why)} (${found}); ${
      insteadWith(state, generation)
    }`,
    next: why.startsWith("cannot be stored") ? NEXT_UNSTORED : NEXT_BY_FAULT[found],
  }],
  "not killed": ({ generation, processes, isLeft }) => [{
    weight: "error",
    what: `Cannot end generation ${generation}: ${processes.map(survivor).join("; ")}`,
    next: isLeft
      ? `Baton ends without it; end it as its user: ${killing(processes)}`
      : `End it as its user: ${killing(processes)}; the next is started once it is gone`,
  }],
  "protocol error": ({ generation, what }) => [{
    weight: "warning",
    what: `Trouble on the pipe of generation ${generation}: ${asEnd(what)}`,
    next: "See docs/protocol.md for what may be said",
  }],
};
