/** What runs files of a kind, by their extension: the first that is there is suggested. */
const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  py: ["python3", "python"],
  js: ["node", "deno run -A", "bun"],
  mjs: ["node", "deno run -A", "bun"],
  cjs: ["node", "bun"],
  ts: ["deno run -A", "bun", "node"],
  mts: ["deno run -A", "bun", "node"],
  tsx: ["deno run -A", "bun"],
  sh: ["sh"],
  bash: ["bash"],
  rb: ["ruby"],
  pl: ["perl"],
  php: ["php"],
  lua: ["lua"],
  go: ["go run"],
};

/** The command that was probably meant by the name of a file that cannot be executed; null where nobody can tell. */
export function interpreted(name: string, isOnPath: (command: string) => boolean): string | null {
  const known = INTERPRETERS[/\.(\w+)$/.exec(name)?.[1] ?? ""];
  if (known === undefined) return null;
  const found = known.find((words) => isOnPath(words.split(" ")[0]!)) ?? known[0]!;
  return `${found} ${/\s/.test(name) ? `"${name}"` : name}`;
}
