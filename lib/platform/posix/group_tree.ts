import type { ProcessTree } from "../platform.ts";
import { leads, sendSignal } from "./send_signal.ts";

/**
 * The tree of `leader` where the table of processes cannot be read, or is of another PID namespace and has
 * somebody else under each number: its process group, of which the system says whether anybody is left.
 */
export function groupTree(leader: number): ProcessTree {
  return {
    leader,
    alive: () => leads(leader) ? [leader] : [],
    has: () => null,
    listening: () => [],
    wake() {
      sendSignal(-leader, "SIGCONT");
      return { woken: [], held: [] }; // Who was stopped nobody can tell.
    },
    signalGroup: (signal) => sendSignal(-leader, signal),
    signalStrays: () => {},
    kill: () => sendSignal(-leader, "SIGKILL"),
  };
}
