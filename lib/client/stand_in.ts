import type { Baton } from "./baton.ts";

/** What a program gets outside baton: the same shape, without any effect. */
export function createStandIn(): Baton {
  return {
    generation: 1,
    changed: [],
    stopped: new Promise(() => {}),
    restore: (initial) => Promise.resolve(initial),
    component() {},
    onSave() {},
    ready() {},
    checkpoint: () => Promise.resolve(),
    checkpointEvery() {},
  };
}
