import { type Files, PlatformError } from "../../../lib/platform/platform.ts";

/** How the system fails from the n-th operation on: that one alone, or it and all that follow (a kill). */
export type Failure = "once" | "for good";

/** Files whose n-th operation fails before it does anything; `count` is how many were called. */
export function failingFiles(
  files: Files,
  nth: number,
  failure: Failure,
): { files: Files; count(): number } {
  let count = 0;
  const failing = new Proxy(files, {
    get(target, name: keyof Files) {
      const operation = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        count++;
        if (count === nth || (failure === "for good" && count > nth)) {
          throw new PlatformError("EIO", `Cannot ${name}: input/output error`, String(args[0]));
        }
        return operation.apply(target, args);
      };
    },
  });
  return { files: failing, count: () => count };
}
