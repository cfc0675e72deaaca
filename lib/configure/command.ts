import * as z from "zod";
import { type Kind, kind } from "./kind.ts";

const expected = 'a command such as "python app.py" or ["python", "app.py"]';

/** Whether only a shell can read the command: quotes, pipes, variables, globs, redirections, assignments. */
export function hasShellSyntax(command: string): boolean {
  return /[|&;<>()$`\\"'*?[\]{}~#!\n]/.test(command) || /^\s*\w+=/.test(command);
}

/**
 * A command as it is written in a file. One string without shell syntax is split at its blanks; with
 * shell syntax it stays one entry, which runs under `sh -c`.
 */
export const command: Kind<readonly string[]> = kind("texts", () =>
  z.codec(
    z.union([
      z.string().regex(/\S/),
      z.array(z.string()).min(1, { error: expected })
        .refine(([program]) => program !== "", { error: expected }),
    ], { error: expected }),
    z.array(z.string()).readonly(),
    {
      decode: (written) =>
        typeof written !== "string"
          ? written
          : hasShellSyntax(written)
          ? [written]
          : written.trim().split(/\s+/),
      encode: (words) => [...words],
    },
  ));
