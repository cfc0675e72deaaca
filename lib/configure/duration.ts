import * as z from "zod";
import { type Kind, kind } from "./kind.ts";

/** Timers of both runtimes overflow beyond this. */
const LONGEST_MS = 2_147_483_647;
const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const;
const TEXT = /^(?:0|(\d+(?:\.\d+)?)(ms|s|m))$/;
const expected = 'a duration such as "30ms", "2s" or "1m"';

/** Milliseconds of `30ms`, `2s`, `1.5m` or `0`; NaN for anything else. */
export function parseDuration(text: string): number {
  const match = TEXT.exec(text);
  if (!match) return NaN;
  return match[2] ? Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]) : 0;
}

/** The shortest text without fractions that `parseDuration` reads as `ms`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0";
  if (ms % UNITS.m === 0) return `${ms / UNITS.m}m`;
  if (ms % UNITS.s === 0) return `${ms / UNITS.s}s`;
  return `${ms}ms`;
}

/** A duration as it is written, read as milliseconds. */
export const duration: Kind<number> = kind("text", () =>
  z.codec(
    z.string({ error: expected }).regex(TEXT, { error: expected }),
    z.number().int().max(LONGEST_MS, { error: "a duration of at most 24 days" }),
    { decode: parseDuration, encode: formatDuration },
  ));
