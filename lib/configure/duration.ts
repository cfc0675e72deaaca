import { DURATION_TEXT, formatDuration, parseDuration } from "../duration.ts";
import { type Kind, kind } from "./kind.ts";

/** Timers of both runtimes overflow beyond this. */
const LONGEST_MS = 2_147_483_647;
const expected = 'a duration such as "30ms", "2s" or "1m"';

/** A duration as it is written, read as milliseconds. */
export const duration: Kind<number> = kind(
  "text",
  (written) => {
    const ms = typeof written === "string" ? parseDuration(written) : NaN;
    return ms <= LONGEST_MS ? ms : undefined;
  },
  (z) =>
    z.codec(
      z.string({ error: expected }).regex(DURATION_TEXT, { error: expected }),
      z.number().int().max(LONGEST_MS, { error: "a duration of at most 24 days" }),
      { decode: parseDuration, encode: formatDuration },
    ),
);
