import type { Baton, ComponentOptions } from "./baton.ts";
import type { ClientHost } from "./host.ts";
import { Declared } from "./declared.ts";
import { findListener } from "./listener.ts";
import { Taking } from "./taking.ts";

/** What a program gets outside baton: the same shape, without any effect but that of `recycle`. */
export function createStandIn(host: ClientHost): Baton {
  const program = new Declared(false);
  const taking = new Taking(program, host, () => {});
  return {
    generation: 1,
    changed: [],
    stopped: new Promise(() => {}),
    restore: (initial) => Promise.resolve(initial),
    component(name: string, stop: (() => unknown) | ComponentOptions, options?: ComponentOptions) {
      program.define(name, stop, options);
    },
    onChange() {},
    recycle: () => taking.recycle(),
    listener: (options) => findListener(host, options),
    onSave() {},
    serve() {},
    ready() {},
    checkpoint: () => Promise.resolve(),
    checkpointEvery() {},
  };
}
