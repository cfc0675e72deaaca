import process from "node:process";
import { type Files, PlatformError } from "../platform.ts";

/** The bit of SIGCHLD, number 17, in the eight hexadecimal digits that proc(5) ends the set with. */
const CHILD_BIT = 1 << 16;

/**
 * Undoes that SIGCHLD is ignored, as a parent may leave it: the system would keep no exit status of a child.
 * Whatever listens to a signal ignores it no longer, and neither do the programs that are started then.
 */
export function unignoreSigchld(files: Files): void {
  if (process.platform === "linux" && ignoresChildren(files)) process.on("SIGCHLD", () => {});
}

function ignoresChildren(files: Files): boolean {
  try {
    const [, digits] =
      /^SigIgn:\s*[0-9a-f]*?([0-9a-f]{8})$/m.exec(files.readText("/proc/self/status")) ?? [];
    return (Number.parseInt(digits!, 16) & CHILD_BIT) !== 0;
  } catch (error) {
    if (error instanceof PlatformError) return false; // No /proc: nobody can tell.
    throw error;
  }
}
