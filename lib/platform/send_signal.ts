import process from "node:process";
import { systemError } from "./system_error.ts";

/**
 * Sends a signal to a process, or to a group by its negative number. Processes that are gone, or that
 * became another user's, are no error: whoever must know asks afterwards who is still alive.
 */
export function sendSignal(pid: number, signal: string): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const failure = systemError(error, `send ${signal} to process ${pid}`);
    if (failure.code !== "ESRCH" && failure.code !== "EPERM") throw failure;
  }
}
