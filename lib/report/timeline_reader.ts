import * as z from "zod";
import type { Files } from "../platform/platform.ts";
import { once } from "../once.ts";
import { handoffShapes } from "./handoff_shapes.ts";
import { linesOf } from "./timeline.ts";

const restart = once(() => {
  const { reason, mode, marks } = handoffShapes();
  return z.object({
    /** Milliseconds since 1970. */
    readyAt: z.number(),
    generation: z.number().int(),
    from: z.number().int().nullable(),
    reason,
    mode,
    changed: z.array(z.string()),
    changedCount: z.number().int(),
    stateBytes: z.number().int().nullable(),
    marks,
  });
});

/** One way to a generation that is ready. */
export type Restart = z.output<ReturnType<typeof restart>>;

/** The restarts on record, oldest first; `broken`: how many lines could not be read. */
export function readTimeline(
  files: Files,
  stateDir: string,
): { readonly restarts: readonly Restart[]; readonly broken: number } {
  const lines = linesOf(files, stateDir);
  const restarts = lines.map(parsed).filter((one) => one !== null);
  return { restarts, broken: lines.length - restarts.length };
}

function parsed(line: string): Restart | null {
  try {
    return restart().safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
