/** Shapes that several lines of the log have in common. */
import * as z from "zod";
import { handoffShapes } from "./handoff_shapes.ts";

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();

export const { reason, mode, marks } = handoffShapes();
export const path = z.string();
export const text = z.string();
export const generation = z.number().int().positive();
export const changed = z.array(path)
  .describe("Changed paths, relative to the working directory; empty where nothing changed");
export const lines = z.array(text)
  .describe("Its last lines on standard error; empty where that is a terminal");

export const envelope = z.object({
  format: z.number().int(),
  sizeBytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  generation: generation.describe("That saved it"),
  kind: z.enum(["final", "checkpoint", "file"]),
  savedAt: z.number().describe("Milliseconds since 1970"),
  reason: text,
  tree: text.optional().describe("Names the content of the files that it was saved under"),
  good: z.literal(true).optional()
    .describe("By a version that was ready, and lived for a while in which no edit failed"),
}).describe("What is known of a saved state").meta({ id: "envelope" });

export const state = z.object({ path, envelope }).describe("A state that can be believed")
  .meta({ id: "state" });

const fault = z.enum(["torn", "corrupt", "too old"]);
export const rejected = z.object({ found: fault, why: text, path })
  .describe("A state that cannot be used").meta({ id: "state rejected" });

export const reading = z.discriminatedUnion("found", [
  z.object({ found: z.literal("good"), path, envelope }),
  z.object({ found: z.literal("missing") }),
  rejected,
]).describe("What reading a state found").meta({ id: "reading" });

export const rejectionKind = z.enum([...fault.options, "missing"]);

export const status = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exited"), code: z.number().int() }),
  z.object({
    kind: z.literal("signaled"),
    signal: text.describe("Its name, or `SIG40` where it has none"),
    code: z.number().int().describe("128 and the signal's number"),
  }),
]).describe("How a process ended").meta({ id: "status" });

export const armed = z.object({
  files: count,
  folders: count,
  watches: count.describe("Of the system, in use"),
  instances: count.describe("Of the system's facility, in use"),
  polled: count.describe("Folders without events, which are polled"),
  tookMs: ms,
}).meta({ id: "armed" });

export const hook = z.object({
  stopped: z.array(z.object({ component: text, elapsedMs: ms })),
  failed: z.array(z.object({ component: text, error: text })),
}).describe("What became of the components").meta({ id: "hook" });

export const timings = z.object({
  settleMs: ms.optional().describe("First file event to the first act on it"),
  prepareMs: ms.optional().describe("The commands that come before it"),
  bootMs: ms.optional().describe("Spawn to the barrier, or to ready where there is none"),
  askMs: ms.optional().describe("Shutdown sent to the last component stopped"),
  saveMs: ms.optional().describe("From there, or from shutdown, to saved"),
  checkMs: ms.optional().describe("Saved to read back"),
  goneMs: ms.optional().describe("From the check, or the signal, until no process was left"),
  startMs: ms.optional().describe("Barrier opened to ready"),
  darkMs: ms.optional().describe("What serves began to stop until the new generation was ready"),
  stoppingMs: ms.optional().describe(
    "In place of `darkMs` where what serves is not known: the first component began to stop until the new generation was ready",
  ),
  totalMs: ms.optional().describe("First file event to ready"),
}).describe("Durations in milliseconds; absent where a step did not happen").meta({
  id: "timings",
});

export const lowerRung = z.enum(["notify", "reload", "recycle"]);

export const refusal = z.object({
  rung: lowerRung,
  why: text,
  file: path.optional(),
  line: z.number().int().positive().optional(),
}).describe("Why a rung was not taken, and where in the program").meta({ id: "refusal" });

export const trouble = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("component"), component: text, error: text }),
  z.object({ kind: z.literal("refused"), why: text }),
  z.object({ kind: z.literal("late"), afterMs: ms }),
  z.object({ kind: z.literal("lost"), why: text }),
]).describe("What the shutdown hook did not do").meta({ id: "trouble" });

export const startedFrom = z.discriminatedUnion("type", [
  z.object({ type: z.literal("standby") }),
  z.object({ type: z.literal("cold"), why: text }),
]).describe("Whether a parked process became it, or why not; absent where none is ever parked")
  .meta({ id: "startedFrom" });

export const standbyNews = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("parked"),
    generation: generation.describe("That it waits to be"),
    modules: count.describe("Loaded ahead"),
    tookMs: ms,
    bytes: count.nullable().describe("Its own memory"),
    cut: text.nullable().describe("Why what the program imports later is not loaded ahead"),
  }),
  z.object({ type: z.literal("unparked"), why: text }),
]).meta({ id: "standbyNews" });
