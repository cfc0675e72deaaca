/**
 * # Theory of operation
 *
 * Baton and a program talk over `BATON_PIPE` in newline-delimited JSON: `lines.ts` cuts bytes into lines,
 * this file says which lines mean something, `channel.ts` is one connection. The schemas below are the only
 * source: types, reference page and JSON Schema are made from them.
 *
 * The receiver ignores fields it does not know and answers a type it does not know with `error`. Hello
 * comes first. Capabilities, not versions, say what a side can do; an absent capability means no.
 */
import * as z from "zod";
import { once } from "../once.ts";

/** The protocol this baton speaks. */
export const PROTOCOL = 1;

/** What a program can offer. Others may come; unknown ones are ignored. */
export const CAPABILITIES = {
  handoff:
    "It has a barrier: started beside the live generation it says hello and waits for `start`",
  checkpoint: "It has something to save, and does when baton sends `checkpoint`",
  exclusive: "Two generations must never run at once; it is handed over sequentially",
  notify: "It is told of changed data files, by `changed`, and reads them anew",
  reload: "It takes changed modules in while it runs, by `reload`",
  recycle: "It stops and starts its components in the same process, by `recycle`",
} as const;
export type Capability = keyof typeof CAPABILITIES;

/** The schemas of all messages, made when the first is to be checked: a start needs none. */
export const messages = once(() => {
  const name = z.string().min(1).max(200).describe("The component's name");
  const text = z.string().max(65_536);
  const paths = z.array(z.string()).describe("Changed paths, relative to the working directory");
  const reason = z.string().describe("Why, in a few words for people");
  const out = z.string().describe("Where the state goes: write beside it, rename");
  const count = z.number().int().nonnegative();
  const step = z.number().int().positive().describe("Which request it is, or answers");
  const whole = z.array(z.string())
    .describe("All changed paths, relative to the working directory");
  const within = count.describe("When baton waits no longer and restarts, in milliseconds");

  const component = z.object({
    name: name.describe("Unique among the program's components"),
    timeoutMs: z.number().int().positive().describe("How long its stop may take, in milliseconds"),
    serves: z.boolean().optional().describe("Others reach the program by it; it is stopped last"),
  });

  const fromProgram = {
    hello: z.object({
      type: z.literal("hello"),
      protocol: z.number().int().positive().describe("The protocol it speaks: 1"),
      pid: z.number().int().positive().describe("Of the process that connects"),
      client: z.string().max(200).default("").describe("Name and version of the client"),
      capabilities: z.array(z.string()).default([]).describe(
        "What it can do; unknown ones are ignored",
      ),
      components: z.array(component).default([]).describe("In the order they were declared"),
    }).describe(
      "The first message, sent at the barrier; sent again when what it declares has changed",
    ),
    ready: z.object({ type: z.literal("ready") })
      .describe("The program serves; where `--ready` was given, what it names must answer, too"),
    stopping: z.object({ type: z.literal("stopping"), component: name })
      .describe("A component is told to end, or is being stopped; several may be at once"),
    stopped: z.object({
      type: z.literal("stopped"),
      component: name,
      elapsedMs: z.number().min(0).describe("From `stopping` until it had ended, in milliseconds"),
    })
      .describe("A component has stopped"),
    failed: z.object({
      type: z.literal("failed"),
      component: name,
      error: text.describe("What went wrong"),
    })
      .describe("A component's stop raised, or was late; the others still stop"),
    saved: z.object({
      type: z.literal("saved"),
      kind: z.enum(["final", "checkpoint"])
        .describe(
          "The last, in answer to `shutdown` or at an end of its own; or saved while running",
        ),
      bytes: count.describe("Size of the state file"),
      sha256: z.string().regex(/^[0-9a-f]{64}$/).describe("Of the file, lower-case hex"),
    }).describe("The state is complete at the `out` path"),
    refused: z.object({ type: z.literal("refused"), why: text.describe("The reason, for people") })
      .describe("There will be no state from this request"),
    done: z.object({ type: z.literal("done"), step })
      .describe("What `changed`, `reload` or `recycle` asked for is in effect, all of it"),
    declined: z.object({
      type: z.literal("declined"),
      step,
      why: text.describe("The reason, for people"),
      file: z.string().optional().describe("Where, relative to the working directory"),
      line: z.number().int().positive().optional().describe("In that file, from 1"),
      broken: z.boolean().optional().describe("A start would fail as well: it does not compile"),
    }).describe("It cannot be done without a restart, which baton does now, unless it is broken"),
    error: z.object({ type: z.literal("error"), message: text.describe("What and where") })
      .describe("The last line could not be understood"),
  } as const;

  const fromBaton = {
    start: z.object({
      type: z.literal("start"),
      generation: z.number().int().positive().describe("Which run of the program this is"),
      reason,
      changed: paths,
      stateFile: z.string().nullable().describe("Checked state to resume from, or null"),
      out: out.optional().describe("Where to save unasked, in place of `BATON_STATE_OUT`"),
    }).describe("The barrier opens: restore, bind, serve, then say `ready`"),
    shutdown: z.object({
      type: z.literal("shutdown"),
      reason,
      changed: paths,
      out,
      deadlineMs: count.describe("For everything up to `saved`, in milliseconds"),
    }).describe("Stop the components, save, say `saved`, wait for `exit`"),
    exit: z.object({ type: z.literal("exit") }).describe("The state was checked: leave now"),
    checkpoint: z.object({ type: z.literal("checkpoint"), out })
      .describe("Save while running"),
    changed: z.object({ type: z.literal("changed"), step, paths: whole, deadlineMs: within })
      .describe("Data files changed: read them anew, say `done` or `declined`"),
    reload: z.object({ type: z.literal("reload"), step, paths: whole, deadlineMs: within })
      .describe("Modules changed: take all of them in, or none, say `done` or `declined`"),
    recycle: z.object({ type: z.literal("recycle"), step, paths: whole, deadlineMs: within })
      .describe(
        "Stop every component, and start all again, each with what it saved; answer as above",
      ),
    error: z.object({ type: z.literal("error"), message: text.describe("What and where") })
      .describe("The last line could not be understood"),
  } as const;

  return { component, fromProgram, fromBaton };
});

/** The schemas of all messages. */
export type Messages = ReturnType<typeof messages>;
type Union<T extends Record<string, z.ZodType>> = { [K in keyof T]: z.output<T[K]> }[keyof T];

export type FromProgram = Union<Messages["fromProgram"]>;
export type FromBaton = Union<Messages["fromBaton"]>;
export type Hello = z.output<Messages["fromProgram"]["hello"]>;
export type FromProgramOf<Type extends FromProgram["type"]> = Extract<FromProgram, { type: Type }>;
export type FromBatonOf<Type extends FromBaton["type"]> = Extract<FromBaton, { type: Type }>;
