/** The value below which that share of the samples lies; NaN where there are none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export interface Summary {
  readonly median: number;
  readonly p95: number;
}

export function summary(samples: readonly number[]): Summary {
  return { median: quantile(samples, 0.5), p95: quantile(samples, 0.95) };
}

/** `12.3 / 45.6`: median and 95th percentile; a dash where there are no samples. */
export function pair(samples: readonly number[]): string {
  if (samples.length === 0) return "-";
  const { median, p95 } = summary(samples);
  return `${median.toFixed(1)} / ${p95.toFixed(1)}`;
}
