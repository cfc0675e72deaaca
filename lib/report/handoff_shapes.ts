import * as z from "zod";
import { once } from "../once.ts";

/** What the log and the timeline both say of a handoff; made where one of them is read. */
export const handoffShapes = once(() => {
  const moment = z.number().optional();
  const reason = z.enum(["first", "change", "restart", "crash"]);
  const mode = z.enum(["first", "sequential", "overlapped", "swapped", "built"]);
  const marks = z.object({
    changed: moment,
    preparing: moment,
    prepared: moment,
    acted: moment,
    spawned: moment,
    barrier: moment,
    asked: moment,
    stopping: moment,
    dark: moment,
    stopped: moment,
    saved: moment,
    checked: moment,
    gone: moment,
    opened: moment,
    ready: moment,
  }).describe("Moments in milliseconds of a clock of baton's own: only differences mean something")
    .meta({ id: "marks" });
  return { reason, mode, marks };
});
