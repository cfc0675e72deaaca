import type { Baton } from "./baton.ts";
import type { ClientHost } from "./host.ts";
import { findListener } from "./listener.ts";

/** What a program gets outside baton: the same shape, without any effect. */
export function createStandIn(host: ClientHost): Baton {
  return {
    generation: 1,
    changed: [],
    stopped: new Promise(() => {}),
    restore: (initial) => Promise.resolve(initial),
    component() {},
    listener: (options) => findListener(host, options),
    onSave() {},
    ready() {},
    checkpoint: () => Promise.resolve(),
    checkpointEvery() {},
  };
}
