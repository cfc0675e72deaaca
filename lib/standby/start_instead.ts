import { join } from "@std/path";
import { type ExitStatus, type Platform, PlatformError } from "../platform/platform.ts";
import { encodeLine } from "./fields.ts";
import { readStartedOver } from "./learned.ts";
import { told } from "./told.ts";
import type { ParkedOptions, ProcessListeners } from "./parked_process.ts";

/** A process ends with this, and has noted why, where it has to start over and cannot execute itself. */
const START_COLD = 75;
/** A hook ends its process with one of these, where it does not understand or cannot do what it is told. */
const HOOK_FAILED = [97, 98];

/**
 * Why a process that was let go may have ended without having run anything of the program; null where that is not so.
 * It is certain where the process has said so itself.
 */
export function whyNotRun(
  platform: Platform,
  { learnFolder }: ParkedOptions,
  status: ExitStatus,
): { readonly text: string; readonly isCertain: boolean } | null {
  if (status.kind === "signaled") {
    return status.signal === "SIGKILL"
      ? { text: "what was parked for it was killed as it was let go", isCertain: false }
      : null;
  }
  if (HOOK_FAILED.includes(status.code)) {
    return { text: "what was parked for it could not run", isCertain: false };
  }
  const over = status.code === START_COLD ? readStartedOver(platform, learnFolder) : null;
  return over && { text: over.why, isCertain: true };
}

/** Starts the program cold, in place of a process that has not run it; null where that is not possible. */
export function startInstead(
  platform: Platform,
  { launch: before, learnFolder, view, mark }: ParkedOptions,
  why: string,
  { env, ...listeners }: ProcessListeners & { readonly env: Readonly<Record<string, string>> },
): number | null {
  const { files, processes, terminal } = platform;
  const launch = { ...before, env: { ...before.env, ...env } };
  try {
    if (readStartedOver(platform, learnFolder) === null) {
      const note = new TextEncoder().encode(encodeLine("over", "-1", why));
      files.writeAtomically(join(learnFolder, "over"), note, { mode: 0o600 });
    }
    return processes.spawn({
      ...launch,
      ...told(platform, launch, learnFolder, `learn:${learnFolder}`, view),
      mark,
      stderr: terminal.stderrIsTerminal && !launch.readsStderr ? "inherit" : "pipe",
      ...listeners,
    }).pid;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return null;
  }
}
