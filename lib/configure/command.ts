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
export const command: Kind<readonly string[]> = kind(
  "texts",
  (written) => {
    if (typeof written === "string") return /\S/.test(written) ? wordsOf(written) : undefined;
    const isCommand = Array.isArray(written) && written.every((word) => typeof word === "string") &&
      written.length > 0 && written[0] !== "";
    return isCommand ? written : undefined;
  },
  (z) =>
    z.codec(
      z.union([
        z.string().regex(/\S/),
        z.array(z.string()).min(1, { error: expected })
          .refine(([program]) => program !== "", { error: expected }),
      ], { error: expected }),
      z.array(z.string()).readonly(),
      {
        decode: (written) => typeof written === "string" ? wordsOf(written) : written,
        encode: (words) => [...words],
      },
    ),
);

function wordsOf(written: string): readonly string[] {
  return hasShellSyntax(written) ? [written] : written.trim().split(/\s+/);
}
