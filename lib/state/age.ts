const UNITS = [["days", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const;

/** How old something is, in the largest unit that there are two of: `31 s`, `90 min`, `47 h`, `3 days`. */
export function roughAge(ms: number): string {
  const fits = UNITS.find(([, unitMs]) => ms >= 2 * unitMs);
  return fits === undefined
    ? `${Math.ceil(ms / 1_000)} s`
    : `${Math.floor(ms / fits[1])} ${fits[0]}`;
}
