/**
 * Waits for a fact: calls `probe` until it returns something other than `undefined`, `null` or `false`, and
 * returns that. Throws, with the last value seen, where it does not come about within `withinMs`.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => T | Promise<T>,
  { withinMs = 5_000 }: { withinMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadlineAt = performance.now() + withinMs;
  for (;;) {
    const seen = await probe();
    if (seen !== undefined && seen !== null && seen !== false) {
      return seen as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() >= deadlineAt) {
      throw new Error(`Waited ${withinMs} ms in vain: ${what}; seen last: ${Deno.inspect(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
