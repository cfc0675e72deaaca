import { constants, fstatSync, openSync } from "node:fs";

/**
 * The same pipe, opened once more so that a write to it never waits: in the mode it was inherited in, one
 * that nobody reads would stop baton for good, and that mode is not baton's alone. What is no pipe, or
 * cannot be opened again, stays as it is.
 */
export function reopenNonblocking(descriptor: number): number {
  try {
    if (!fstatSync(descriptor).isFIFO()) return descriptor;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return descriptor; // Closed, nobody reads there, or another system.
  }
}
