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

/** The schemas, made when the first request comes: neither a start nor a command needs them. */
export const controlMessages = once(() => {
  const text = z.string();
  const count = z.number().int().nonnegative();
  const ms = z.number().nonnegative();
  const paths = z.array(z.string()).describe("Relative to the working directory");

  const requests = {
    status: z.object({}).describe("What runs, and whether from the files as they are"),
    restart: z.object({}).describe("Hands over to a new generation without a change"),
    logs: z.object({
      lines: z.number().int().positive().max(100_000).default(50).describe("How many at most"),
    }).describe("The last lines of baton's, and of the program's standard error"),
    stop: z.object({}).describe("Stops the program and baton; a second time at once"),
  } as const;

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
  });

  const answers = {
    status,
    restart: z.object({}),
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
