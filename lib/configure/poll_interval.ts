import { type Kind, kind } from "./kind.ts";
import { POLL_INTERVAL_MS } from "../settings.ts";
import { formatDuration, parseDuration } from "../duration.ts";

const SHORTEST_MS = 10;
const LONGEST_MS = 3_600_000;
const expected = 'true, false or an interval such as "500ms"';
const bounds = 'an interval from "10ms" to "60m"';

/** How often to poll: true for the usual interval, false for not at all. */
export const pollInterval: Kind<number | null> = kind(
  "interval",
  read,
  (z) =>
    z.codec(
      z.union([z.boolean(), z.string()], { error: expected }),
      z.number().nullable(),
      {
        decode(written, context) {
          const ms = read(written);
          if (ms !== undefined) return ms;
          const message = Number.isNaN(parseDuration(String(written))) ? expected : bounds;
          context.issues.push({ code: "custom", message, input: written });
          return null;
        },
        encode: (ms) => ms === null ? false : formatDuration(ms),
      },
    ),
);

function read(written: unknown): number | null | undefined {
  if (typeof written === "boolean") return written ? POLL_INTERVAL_MS : null;
  const ms = typeof written === "string" ? parseDuration(written) : NaN;
  return ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : undefined;
}
