import type { Cut } from "./cut.ts";
import type { Learning } from "./learning.ts";
import type { Newest } from "./newest.ts";

/** One that came from standby and has started over is a cold start, that has noted its imports, too. */
export function noteStartingOver(learning: Learning, cut: Cut, newest: Newest): void {
  if (newest.from.type === "cold") return;
  const over = learning.startedOver(newest.generation);
  if (over === null) return;
  newest.from = { type: "cold", why: over.why };
  // It would start over there again: that import is not done ahead any more.
  if (over.at >= 0) cut.before(over.at, over.why);
}
