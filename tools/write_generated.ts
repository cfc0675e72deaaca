/**
 * Writes generated files, where they are not as they should be. With `--check` among the arguments it writes nothing, says
 * which those are, and has the process end with status 1.
 */
export function writeGenerated(made: Iterable<readonly [file: URL, text: string]>): void {
  const isCheck = Deno.args.includes("--check");
  for (const [file, text] of made) {
    if (textOf(file) === text) continue;
    if (isCheck) {
      console.error(`"${file.pathname}" is not up to date: run "deno task docs"`);
      Deno.exitCode = 1;
    } else Deno.writeTextFileSync(file, text);
  }
}

function textOf(file: URL): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
