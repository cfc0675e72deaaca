import { PlatformError } from "../platform.ts";

/** Deno's error classes that carry no code of their own. */
const CODE_OF_CLASS: Readonly<Record<string, string>> = {
  NotFound: "ENOENT",
  PermissionDenied: "EACCES",
  NotCapable: "EPERM",
  AlreadyExists: "EEXIST",
  AddrInUse: "EADDRINUSE",
  ConnectionRefused: "ECONNREFUSED",
  NotADirectory: "ENOTDIR",
  IsADirectory: "EISDIR",
  FilesystemLoop: "ELOOP",
};

/** What Deno says where it throws plain errors: in file events, in `/proc`, for a file it cannot run. */
const CODE_OF_TEXT: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|file watch limit/i, "ENOSPC"],
  [/too many open files/i, "EMFILE"],
  [/no path was found|no such file/i, "ENOENT"],
  [/exec format error/i, "ENOEXEC"],
  [/no such process/i, "ESRCH"],
];

/** What a runtime threw, as a `PlatformError`: `action` is a verb and its object, say `read "a.txt"`. */
export function systemError(error: unknown, action: string, path?: string): PlatformError {
  if (error instanceof PlatformError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new PlatformError(codeOf(error, text), `Cannot ${action}: ${reasonOf(text)}`, path, {
    cause: error,
  });
}

/** Whether it says that no such folder is there: nothing, something else, or links that lead round in a circle. */
export function isGoneBy({ code }: PlatformError): boolean {
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

function codeOf(error: unknown, text: string): string {
  const { code, name } = Object(error) as { code?: unknown; name?: string };
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) return code;
  return CODE_OF_CLASS[name ?? ""] ??
    CODE_OF_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? "UNKNOWN";
}

/**
 * Leaves of `ENOENT: no such file, open 'x'`, `ENOSPC: no space left, write` and
 * `No such file (os error 2): readfile 'x'` the middle.
 */
function reasonOf(text: string): string {
  const reason = text.replace(/^E[A-Z0-9]+: ([^,]*)(, \w+$)?/, "$1").replace(/,? \w+ '.*$/s, "")
    .replace(/ \(os error \d+\).*$/s, "").replace(/\.( about \[.*)?$/s, "");
  return reason.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}
