import process from "node:process";
import { PlatformError } from "../platform.ts";
import { systemError } from "../node/system_error.ts";

/**
 * Sends a signal to a process, or to a group by its negative number. Processes that are gone, or that
 * became another user's, are no error: whoever must know asks afterwards who is still alive.
 */
export function sendSignal(pid: number, signal: string): void {
  if (!Number.isInteger(pid) || Math.abs(pid) <= 1) { // 0 and -1 stand for everybody, see kill(2)
    throw new PlatformError("EINVAL", `Cannot send ${signal} to process ${pid}`);
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    const failure = systemError(error, `send ${signal} to process ${pid}`);
    if (failure.code !== "ESRCH" && failure.code !== "EPERM") throw failure;
  }
}

/** Whether this user may signal it, or it is gone. */
export function maySignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemError(error, `signal process ${pid}`).code !== "EPERM";
  }
}

/** Whether a process group of this leader has anybody in it, a process that nobody has reaped among them. */
export function leads(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch (error) {
    return systemError(error, `signal process group ${leader}`).code === "EPERM";
  }
}
