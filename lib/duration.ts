const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const;

/** `30ms`, `2s`, `1.5m` or `0`. */
export const DURATION_TEXT = /^(?:0|(\d+(?:\.\d+)?)(ms|s|m))$/;

/** Milliseconds of `30ms`, `2s`, `1.5m` or `0`; NaN for anything else. */
export function parseDuration(text: string): number {
  const match = DURATION_TEXT.exec(text);
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
