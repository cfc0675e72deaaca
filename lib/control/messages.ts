/**
 * # Theory of operation
 *
 * Whoever wants something of a running baton connects to its control socket and writes a request a line, as
 * JSON with an `id`; each is answered with one line that has the same `id`, and an `answer` or an `error`.
 * `server.ts` is baton's side, `client.ts` the other; `find.ts` knows where the socket is. These schemas are the
 * only source: the types, the reference in `docs/control.md` and its JSON Schema are made from them.
 */
import * as z from "zod";
import { once } from "../once.ts";
import type { Answers } from "./answers.ts";
import { WAIT_MS } from "./protocol.ts";

/** Nobody waits longer; whoever holds asks again. */
const LONGEST_WAIT_MS = 3_600_000;
const LONGEST_HOLD_MS = 3_600_000;

/** The schemas, made when the first request comes: neither a start nor a command needs them. */
export const controlMessages = once(() => {
  const text = z.string();
  const count = z.number().int().nonnegative();
  const ms = z.number().nonnegative();
  const paths = z.array(z.string()).describe("Relative to the working directory");

  const name = z.string().min(1).max(64).default("default").describe("Of the hold");
  const timeoutMs = z.number().int().positive().max(LONGEST_WAIT_MS).default(WAIT_MS)
    .describe("How long it is waited for at most");

  const requests = {
    status: z.object({}).describe("What runs, and whether from the files as they are"),
    wait: z.object({ timeoutMs })
      .describe("What became of the files as they are now: answered once that is known"),
    restart: z.object({}).describe("Hands over to a new generation without a change"),
    hold: z.object({
      name,
      forMs: z.number().int().positive().max(LONGEST_HOLD_MS).default(60_000)
        .describe("It ends by itself after so long"),
      withConnection: z.boolean().default(false).describe("It ends with the connection, too"),
    }).describe(
      "Changes are noted, and nothing is started: answered once what was under way is over",
    ),
    release: z.object({
      name,
      wait: z.boolean().default(false).describe("Answer with what became of the files"),
      timeoutMs,
    }).describe("Ends a hold; after the last, all that has changed since is one change"),
    rewind: z.object({
      back: z.number().int().positive().max(100_000).nullable().default(null)
        .describe(
          "The N-th that is kept, the newest being 1; null: that of the files as they are, where one is offered, " +
            "or else the last of a good version",
        ),
      files: z.boolean().default(false)
        .describe("Put the files back as well, where `--keep-files` has kept them"),
    }).describe("Hands over to a new generation with an earlier state"),
    state: z.object({}).describe("The kept states, newest first"),
    logs: z.object({
      lines: z.number().int().positive().max(100_000).default(50).describe("How many at most"),
    }).describe("The last lines of baton's, and of the program's standard error"),
    stop: z.object({}).describe("Stops the program and baton; a second time at once"),
  } as const;

  const hold = z.object({
    name: text,
    leftMs: ms.nullable().describe("Until it ends by itself; null where it does not"),
  });
  const holds = z.array(hold).describe("What keeps changes from being acted on");
  const verdict = z.discriminatedUnion("outcome", [
    z.object({
      outcome: z.literal("ready"),
      generation: count,
      changed: paths,
      darkMs: ms.nullable().describe("How long nothing served before it"),
      announced: z.boolean().describe("False where only its start, and its life since, tell so"),
      changedSince: paths,
    }).describe("What runs was started from them"),
    z.object({ outcome: z.literal("ended"), generation: count })
      .describe("It was started from them, and ended by itself with status 0"),
    z.object({
      outcome: z.literal("failed"),
      generation: count,
      why: text,
      changed: paths,
      live: count.nullable().describe("The generation that goes on serving"),
      lines: z.array(text).describe(
        "Its last lines on standard error; none where that is a terminal",
      ),
      place: z.object({ file: text, line: count }).nullable()
        .describe("Where in the project, as far as the lines tell"),
    }).describe("It was started from them and failed, or could not be"),
    z.object({ outcome: z.literal("changed"), changed: paths })
      .describe("They changed before anything was known of them: ask again"),
    z.object({ outcome: z.literal("held"), holds }).describe(
      "Nothing is started until it is released",
    ),
    z.object({ outcome: z.literal("late"), waitedMs: ms, state: text })
      .describe("Nothing is known yet"),
    z.object({ outcome: z.literal("stopped") }).describe("Baton ends"),
  ]);

  const keptState = z.object({
    path: text,
    found: text.describe("`good`, or what is wrong with it"),
    why: text.nullable(),
    generation: count.nullable().describe("That saved it"),
    savedAt: count.nullable().describe("In milliseconds since 1970"),
    sizeBytes: count.nullable(),
    tree: text.nullable().describe("Names the content of the files that it was saved under"),
    good: z.boolean().nullable()
      .describe("Whether its version was ready, and lived for a while in which no edit failed"),
  });

  const status = z.object({
    version: text.describe("Baton's"),
    pid: count.describe("Baton's"),
    cwd: text,
    stateDir: text,
    command: z.array(text),
    state: text.describe("One of the states of `docs/states.md`"),
    live: z.object({
      generation: count,
      ready: z.boolean(),
      uptimeMs: ms.describe("Since it was spawned"),
    }).nullable().describe("What serves; null where nothing runs"),
    candidate: z.object({ generation: count, uptimeMs: ms }).nullable()
      .describe("What boots beside it"),
    watching: z.boolean().describe("Whether every change is seen by now"),
    changed: paths.describe(
      "What differs from the files that `live`, or the last try, was started from",
    ),
    holds,
    tree: text.nullable()
      .describe("Names the content of all watched files; null before all were read"),
  });

  const answers = {
    status,
    wait: verdict,
    restart: z.object({}),
    hold,
    release: z.object({
      name: text,
      endedBy: z.enum(["time", "owner"]).nullable().describe("How it had ended before"),
      holds,
      changed: paths.describe("What has changed since what runs was started"),
      verdict: verdict.nullable().describe("As of `wait`, where that was asked for"),
    }),
    rewind: z.object({
      generation: count.nullable()
        .describe("Whose state goes back, or, without one, that goes on serving"),
      state: keptState.nullable().describe("What is handed over; null where what serves goes on"),
      files: z.object({
        written: paths,
        removed: paths,
        aside: text.nullable().describe("Where the files are that were overwritten or removed"),
      }).nullable().describe("What was done to files, where they were to be put back"),
    }),
    state: z.object({
      dir: text,
      states: z.array(keptState),
    }),
    logs: z.object({ lines: z.array(text) }),
    stop: z.object({}).describe("The connection ends once baton has"),
  } as const satisfies { readonly [N in keyof Answers]: z.ZodType<Answers[N]> };

  const error = z.object({
    what: text,
    where: text.optional(),
    next: text.optional().describe("The next step"),
  });

  return { requests, answers, error };
});

type Messages = ReturnType<typeof controlMessages>;
type Requests = Messages["requests"];

/** What can be asked of a running baton. */
export type RequestName = keyof Requests;
/** What is asked, as it is written. */
export type RequestOf<N extends RequestName> = z.input<Requests[N]>;
/** What is asked, once it was checked. */
export type CheckedRequest<N extends RequestName> = z.output<Requests[N]>;

/** A line from who asks. */
export type RequestLine = { readonly id: number; readonly type: string };
/** A line in answer. */
export type AnswerLine =
  | { readonly id: number | null; readonly answer: unknown }
  | { readonly id: number | null; readonly error: z.output<Messages["error"]> };
