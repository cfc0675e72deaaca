/** A duration in the unit that fits: `2.4 ms`, `5000 ms`, `12.5 s`, `3 min 12 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9.95) return `${tenths(ms)} ms`;
  if (ms < 9_999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${tenths(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, "min", "s");
  return pair(Math.round(seconds / 60), 60, "h", "min");
}

/** How long ago something was: in whole seconds, and never in the future. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1_000);
}

/** A size in decimal units: `980 B`, `1.2 kB`, `34 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let [amount, unit] = [bytes / 1_000, 0];
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1_000;
    unit++;
  }
  return `${amount < 9.95 ? tenths(amount) : Math.round(amount)} ${units[unit]}`;
}

/** `1 file`, `3 files`, `2 processes`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

function tenths(number: number): number {
  return Math.round(number * 10) / 10;
}

function pair(amount: number, base: number, large: string, small: string): string {
  const rest = amount % base;
  const whole = `${Math.floor(amount / base)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
