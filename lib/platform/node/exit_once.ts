import type { ExitStatus } from "../platform.ts";

/** How long the last stderr may lag behind the exit: a process left behind may hold it open for ever. */
const DRAIN_MS = 100;

/**
 * Reports an exit once the process has ended and its stderr was drained, or `DRAIN_MS` have passed: in two parts, as
 * what was read while baton itself was busy is heard between them.
 */
export function exitOnce(onExit: (status: ExitStatus) => void): {
  ended(status: ExitStatus): void;
  drained(): void;
} {
  let status: ExitStatus | undefined;
  let isDrained = false;
  let isReported = false;
  let late: ReturnType<typeof setTimeout> | undefined;

  function report(): void {
    if (status === undefined || isReported) return;
    isReported = true;
    clearTimeout(late);
    onExit(status);
  }

  return {
    ended(how) {
      status = how;
      if (isDrained) report();
      else late = setTimeout(() => late = setTimeout(report, DRAIN_MS / 2), DRAIN_MS / 2);
    },
    drained() {
      isDrained = true;
      report();
    },
  };
}
