import { BatonError } from "./errors.ts";
import { type Entry, type Files, PlatformError } from "./platform/platform.ts";

/** What the system refused; anything else that was thrown is baton's own fault and goes on up. */
export function refusedBySystem(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  throw error;
}

/** What the system said, as the end of a sentence. */
export function reasonOf({ message }: PlatformError): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Runs `run`; a call that the system refuses becomes a `BatonError` that names the action. */
export function explained<T>(action: string, next: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inWords(action, next, error);
  }
}

/** What the system refused, as a `BatonError` that names the action; throws anything else. */
export function inWords(action: string, next: string, error: unknown): BatonError {
  const refusal = refusedBySystem(error);
  const what = `${action}: ${reasonOf(refusal)}`;
  return new BatonError({ what, where: refusal.path, next }, { cause: error });
}

/** What is in a folder; nothing where the folder itself was removed (`git clean` does). */
export function entriesOf(files: Files, folder: string): Entry[] {
  try {
    return files.readDir(folder);
  } catch (error) {
    if (refusedBySystem(error).code === "ENOENT") return [];
    throw error;
  }
}
