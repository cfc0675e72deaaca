/** More alternatives than that are not told apart: the braces stand for themselves then. */
const MOST = 100;

/** The globs that one with braces stands for, as in a shell: `*.{ts,tsx}` is `*.ts` and `*.tsx`. */
export function expandBraces(glob: string): string[] {
  let globs = [glob];
  for (;;) {
    const expanded = globs.flatMap(expandFirst);
    if (expanded.length === globs.length || expanded.length > MOST) return globs;
    globs = expanded;
  }
}

/** By its first innermost pair of braces with a comma in it. */
function expandFirst(glob: string): string[] {
  const [braces, inside] = /\{([^{}]*,[^{}]*)\}/.exec(glob) ?? [];
  if (braces === undefined) return [glob];
  const at = glob.indexOf(braces);
  const [before, after] = [glob.slice(0, at), glob.slice(at + braces.length)];
  return inside!.split(",").map((each) => before + each + after);
}
