import type { Explanation } from "../errors.ts";

/** What both sides must have in common; another number: they do not understand one another. */
export const CONTROL_PROTOCOL = 1;

/** For how long a verdict is waited for where nothing else is said. */
export const WAIT_MS = 30_000;

/** That the baton of process `pid` does not understand one that asks it. */
export function ofAnother(pid: number, version: string): Explanation {
  return {
    what: `The baton that runs here is version ${version}, which does not understand this one`,
    next: `Use ${version} to talk to it, or stop it ("kill ${pid}") and start this one`,
  };
}
