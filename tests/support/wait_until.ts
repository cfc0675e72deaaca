import { inspect } from "node:util";

/**
 * Waits for a fact: calls `probe` until it returns something other than `undefined`, `null` or `false`, and
 * returns that. Throws, with the last value seen, where it does not come about within `withinMs`: what
 * `probe` handed to `saw`, which returns it, or else what it returned.
 */
export async function waitUntil<T>(
  what: string,
  probe: (saw: <V>(value: V) => V) => T | Promise<T>,
  { withinMs = 5_000 }: { withinMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadlineAt = performance.now() + withinMs;
  let last: unknown;
  const saw = <V>(value: V) => {
    last = value;
    return value;
  };
  for (;;) {
    last = undefined;
    const result = await probe(saw);
    if (result !== undefined && result !== null && result !== false) {
      return result as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() >= deadlineAt) {
      throw new Error(
        `Waited ${withinMs} ms in vain: ${what}; seen last: ${inspect(last ?? result)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
