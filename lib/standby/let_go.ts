import type { Parked } from "./parked.ts";
import type { ParkedProcess } from "./parked_process.ts";

/** A process that waits, for whoever lets it go; `onRestart` is told where it has to be started anew. */
export function letGo(
  parked: Parked,
  changed: readonly string[],
  onRestart: (pid: number) => void,
): ParkedProcess {
  return {
    release: (listeners, env) => {
      const told = (pid: number) => {
        onRestart(pid);
        listeners.onRestart?.(pid);
      };
      return parked.release({ ...listeners, onRestart: told }, env, changed);
    },
  };
}
