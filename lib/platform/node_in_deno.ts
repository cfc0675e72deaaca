/** What Deno keeps for itself, of the versions that load `node:process` when it is first named. */
interface Internals {
  readonly __nodeBootstrapArgs?: unknown;
  readonly dispatchProcessExitEvent?: unknown;
}

/**
 * Whether `process` is there in this Deno, or would have to be loaded, in some 15 ms. True where Deno does
 * not say.
 */
export function isProcessLoaded(): boolean {
  const { internal } = Deno as unknown as { internal: symbol };
  const internals = (Deno as unknown as Record<symbol, Internals | undefined>)[internal];
  const isLate = internals?.__nodeBootstrapArgs !== undefined;
  return !isLate || internals.dispatchProcessExitEvent !== undefined;
}
