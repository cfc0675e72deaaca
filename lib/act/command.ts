import { hasShellSyntax } from "../configure/command.ts";
import type { Settings } from "../settings.ts";

/**
 * What is executed for a generation: the command itself, or a shell where only a shell can read it. One word
 * that `isFile` finds is a program, whatever it is called. `restartArgs` are added from generation 2 on.
 */
export function commandOf(
  { command, restartArgs }: Pick<Settings, "command" | "restartArgs">,
  generation: number,
  isFile: (name: string) => boolean,
): readonly string[] {
  const more = generation > 1 ? restartArgs : [];
  const [only] = command;
  const isLine = command.length === 1 && (hasShellSyntax(only!) || /\s/.test(only!));
  if (isLine && !isFile(only!)) {
    return ["/bin/sh", "-c", [only, ...more.map(quoted)].join(" ")];
  }
  return [...command, ...more];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
