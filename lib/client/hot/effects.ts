/** Notices what a module starts while it is loaded: loaded once more, it would start it once more. */

import type { HotHost } from "../host.ts";

type Call = (...values: unknown[]) => unknown;

const NAMES = ["setInterval", "setTimeout", "setImmediate", "fetch", "addEventListener"] as const;

export interface Effects {
  /** What the module called, if it called anything. */
  end(): string | null;
}

/** Calls are the module's where its file is on the stack; other code runs meanwhile. */
export function watchEffects(file: string, { starters }: Pick<HotHost, "starters">): Effects {
  let seen: string | null = null;
  const restores: (() => void)[] = [];
  const places = [[globalThis, NAMES] as const, ...starters()].flatMap(([holder, names]) =>
    names.map((name) => [holder as Record<string, unknown>, name] as const)
  );
  for (const [holder, name] of places) {
    const original = holder[name];
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (typeof original !== "function" || descriptor?.configurable !== true) continue;
    const watched: Call = (...values) => {
      const isModule = new Error().stack?.includes(file) === true;
      if (!isModule) return (original as Call)(...values);
      seen = `${name}()`;
      throw new Error(`${name}() while a new version is loaded`);
    };
    Object.defineProperty(holder, name, { value: watched, configurable: true, writable: true });
    restores.push(() => Object.defineProperty(holder, name, descriptor));
  }
  return {
    end() {
      for (const restore of restores) restore();
      return seen;
    },
  };
}
