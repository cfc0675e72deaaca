import * as z from "zod";
import type { LogType } from "./log.ts";
import * as shape from "./log_shapes.ts";

const { changed, generation, path, state, text } = shape;
const stateOrNull = state.nullable();
const explanation = { what: text, where: text.optional(), next: text.optional() };

/** The fields of each kind of line, besides those that all have. Every kind of item is here. */
const FIELDS = {
  "hello": z.object({
    version: text,
    pid: z.number().int(),
    command: z.array(text),
    cwd: path,
    stateDir: path,
  }).describe("Baton starts"),
  "listening": z.object({
    address: text.describe("`127.0.0.1:8000`, or `unix:` and a path"),
    port: z.number().int().nullable().describe("Null at a Unix socket"),
    name: text.describe("As in `LISTEN_FDNAMES`"),
  }).describe("Baton holds a socket, which every generation inherits"),
  "proxying": z.object({
    address: text.describe("`127.0.0.1:8000`"),
    port: z.number().int(),
  }).describe("Baton stands in front of the program"),
  "resuming": z.object({
    newest: z.object({ reading: shape.reading, rejected: z.array(shape.rejected) }),
  }).describe("What state was found at start, and what could not be used"),
  "fallback": z.object({ dir: path, why: text, next: text })
    .describe(
      "The state is kept in `dir`, as the folder that was asked for cannot be trusted or written to",
    ),
  "orphans": z.object({
    command: z.array(text),
    pids: z.array(z.number().int()),
    adopted: z.boolean().describe("Whether the state it left was taken over"),
  }).describe("What a baton that died had left running was ended"),
  "armed": z.object({ armed: shape.armed }).describe("From now on changes are seen"),
  "notice": z.object(explanation).describe("The watch has something to say"),
  "started": z.object({ generation, reason: shape.reason, mode: shape.mode, state: stateOrNull })
    .describe("A generation was started; `overlapped`: beside the live one"),
  "ready": z.object({
    generation,
    from: generation.nullable().describe("The generation that handed over"),
    reason: shape.reason,
    mode: shape.mode,
    changed,
    state: stateOrNull.describe("What it resumed from"),
    hook: shape.hook,
    timings: shape.timings,
    marks: shape.marks,
    refusals: z.array(shape.refusal)
      .describe("Why it was no lower rung of the ladder; `docs/ladder.md`"),
    announced: z.boolean().describe("False where nothing but its start says that it is ready"),
    standby: shape.startedFrom.nullable().optional(),
  }).describe("A generation is live"),
  "updated": z.object({
    generation: generation.describe("The one that goes on"),
    rung: shape.lowerRung,
    changed,
    timings: shape.timings,
  }).describe("Live has taken a change without a restart"),
  "declined": shape.refusal.extend({ generation, changed })
    .describe("Live has refused to take a change without a restart, which follows"),
  "preparing": z.object({
    generation: generation.describe("The one to come"),
    commands: z.array(text),
    changed,
  }).describe("Commands run that must succeed before it is started"),
  "command-output": z.object({ line: text }).describe("A line that one of them wrote"),
  "command-failed": z.object({
    generation: generation.describe("The one that is not started"),
    live: generation.nullable().describe("Goes on serving; null where nothing runs"),
    changed,
    command: text,
    status: shape.status,
    lines: z.array(text).describe("Its last lines"),
    tookMs: z.number().nonnegative(),
  }).describe("One of them failed"),
  "candidate-failed": z.object({
    generation,
    mode: shape.mode,
    live: generation.nullable().describe("Goes on serving; null where it was leaving already"),
    changed,
    why: z.enum(["exited", "late", "spawn-failed"]),
    status: shape.status.nullable(),
    uptimeMs: z.number(),
    detail: text,
    lines: shape.lines,
    folded: z.boolean().describe("Another of a burst of saves has failed before, and was told"),
  }).describe("The next generation did not come up"),
  "in-sequence": z.object({ generation, why: text })
    .describe("It cannot run beside another: the next is started once the one before is gone"),
  "participants": z.object({
    generation,
    first: z.number().int().describe("The process whose state is handed over"),
    other: z.number().int(),
  }).describe("More than one process takes part; told once"),
  "no-component": z.object({
    generation,
    pid: z.number().int().describe("The process whose state is handed over"),
    client: text.describe("Name and version of its client; empty where it does not tell"),
    listens: z.array(text).describe("`port 8000`, or the path of a Unix domain socket"),
  }).describe(
    "It listens and declares no component: what it answers after its state is saved is lost",
  ),
  "timeout-cut": z.object({
    generation,
    component: text,
    timeoutMs: z.number(),
    hookTimeoutMs: z.number(),
  }).describe("A component asks for more time than the whole shutdown hook is given"),
  "handoff-refused": z.object({
    generation: generation.describe("The one that goes on serving"),
    changed,
    why: text.describe("Empty where it gave no answer"),
    afterMs: z.number().nonnegative().nullable().describe("How long it was waited for in vain"),
  }).describe("Live cannot save, or gave no answer when it was to: the change costs nothing"),
  "candidate-outdated": z.object({ generation })
    .describe("Files were saved while it booted, so another takes its place"),
  "reverted": z.object({ generation })
    .describe(
      "After a failed candidate, the files are again what the live generation was started from",
    ),
  "not-overlapped": z.object({ generation, why: text })
    .describe("`--handoff overlapped` was asked for and cannot be"),
  "ended": z.object({
    generation,
    status: shape.status,
    uptimeMs: z.number(),
    wasReady: z.boolean(),
    lastReady: generation.nullable().describe("The last generation that was ready"),
    state: stateOrNull.describe("What the next one will resume from"),
    lines: shape.lines,
    folded: z.boolean().describe("Another of a burst of saves has failed before, and was told"),
    next: z.union([
      z.enum(["wait", "exit", "candidate"]),
      z.object({ retryMs: z.number().nonnegative() }),
    ]).describe("What comes: a wait for a change, baton's end, the candidate, or a start"),
  }).describe("The program ended without being asked"),
  "spawn-failed": z.object({ generation, code: text.describe("`ENOENT`, `EACCES` …"), why: text })
    .describe("The program could not be started at all"),
  "hook": z.object({
    generation,
    changed,
    trouble: shape.trouble,
    state: stateOrNull.describe("What is used instead"),
  }).describe("The shutdown hook did not do what it should"),
  "state-rejected": z.object({
    generation,
    found: shape.rejectionKind,
    why: text,
    state: stateOrNull.describe("What is used instead"),
  }).describe("The state that a generation saved cannot be used"),
  "late": z.object({ generation, step: z.literal("ready") })
    .describe("It did not become ready in time, and counts as live"),
  "slow": z.object({
    generation,
    live: generation.describe("The one that goes on serving"),
    uptimeMs: z.number().nonnegative(),
    limitMs: z.number().nonnegative().nullable().describe(
      "When it is given up, from its start; null for a build, which takes as long as it takes",
    ),
  }).describe("It boots beside the live one, and is not at the barrier yet"),
  "held-up": z.object({
    generation: generation.describe("The one that is to end, and does not serve any more"),
    limitMs: z.number().nonnegative().describe("How long its requests may take"),
  }).describe("A change, or a restart, waits until the requests to it have ended"),
  "escalated": z.object({
    generation,
    changed,
    by: z.enum(["signal", "kill"]),
    afterMs: z.number().nonnegative(),
  }).describe("It did not leave in time: the stop signal was sent, or its tree killed"),
  "not-killed": z.object({
    generation,
    processes: z.array(z.object({ pid: z.number().int(), command: text, why: text })),
    isLeft: z.boolean().describe("Baton ends, and leaves them; else it waits until they are gone"),
  }).describe("Processes of it were killed, and are still there"),
  "protocol-error": z.object({ generation, what: text })
    .describe("Something on the pipe did not fit the protocol"),
  "checkpoint": z.object({ generation, state })
    .describe("A state was saved unasked: a checkpoint, or the last of one that ends by itself"),
  "stopping": z.object({ generation: generation.nullable(), by: text })
    .describe("Baton was asked to stop"),
  "stopped": z.object({ status: z.number().int(), state: stateOrNull })
    .describe("Nothing runs any more; baton ends with this status"),
  "standby": z.object({ news: shape.standbyNews })
    .describe("A process waits for the next generation, with its imports done, or none will"),
  "error": z.object(explanation).describe("Something failed"),
  "warning": z.object(explanation).describe("Something is not as it should be, and goes on"),
  "keys": z.object({}).describe("The keys were asked for"),
  "paused": z.object({}).describe("Changes wait"),
  "rewind": z.object({
    state,
    by: z.enum(["asked", "files"]).nullable()
      .describe("Who goes back to it; null: it is only offered"),
  }).describe(
    "The files are those that a kept state was saved under, or somebody goes back to one",
  ),
  "held": z.object({ name: text, forMs: z.number().nonnegative().nullable() })
    .describe("Changes wait until it is released, or so long"),
  "released": z.object({
    name: text,
    by: z.enum(["asked", "time", "owner"])
      .describe("`time`: it ended by itself; `owner`: who held it is gone"),
    changed: changed.describe("What has changed since what runs was started"),
    holds: z.array(text).describe("What holds still"),
  }).describe("A hold has ended"),
  "resumed": z.object({}).describe("Changes restart the program again"),
  "states": z.object({
    dir: path,
    states: z.array(shape.reading),
    tree: text.nullable().describe("Names the files as they are; null before all were read"),
  })
    .describe("The kept states were asked for, newest first"),
} satisfies Record<LogType, z.ZodObject>;

function line(type: string, fields: z.ZodObject) {
  const head = {
    baton: text.describe("Baton's version. The first key of a line of baton's, and only of those"),
    time: z.iso.datetime(),
    type: z.literal(type),
  };
  return z.object({ ...head, ...fields.shape }).describe(fields.description ?? "");
}

/** By type: what a line of `--log json` holds. Other fields and types may come. */
export const LOG_LINES: Readonly<Record<string, z.ZodObject>> = Object.fromEntries(
  Object.entries(FIELDS).map(([type, fields]) => [type, line(type, fields)]),
);
