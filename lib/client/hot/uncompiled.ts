/** Whether a module does not compile: it would not come up in a new process, either. */

/** In Deno, which says it of a text of its own. */
const SAID = /^(?:SyntaxError: |The module's source code could not be parsed)/;

/** Nothing of the module in `file` was executed; an error of the same kind that its code throws is not meant. */
export function isUncompiled(error: unknown, file: string): boolean {
  if (error instanceof AggregateError) {
    return error.errors.length > 0 && error.errors.every((each) => isUncompiled(each, file));
  }
  if (typeof error !== "object" || error === null) return false;
  const { name, message = "", stack = "" } = error as Partial<Error>;
  if (name === "BuildMessage") return true; // of Bun
  if (name !== "SyntaxError" && !SAID.test(message)) return false;
  const calls = stack.replace(message, "").split("\n").filter((line) => /^\s*at /.test(line));
  return !calls.some((line) => line.includes(file));
}

/** As Deno ends its messages: in one line, or in one of its own. */
const PLACE = /\s*\bat file:\/\/\S+:(\d+):\d+/;

/** The line, where the runtime tells it, and what is wrong there. */
export function whyUncompiled(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { name, message, position } = first as Error & { position?: { line?: number } | null };
  const line = position?.line ?? PLACE.exec(message)?.[1];
  const [said] = message.replace(PLACE, "").split("\n");
  const kind = name === "SyntaxError" ? "SyntaxError: " : "";
  return `${line === undefined ? "" : `, line ${line}`}: ${kind}${said}`;
}
