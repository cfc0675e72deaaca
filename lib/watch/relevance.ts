/** What can be said of a path without asking about each pattern. Paths of folders end with a slash. */
export interface Relevance {
  /** Paths that are ignored unless another pattern says something of them. */
  readonly named: RegExp;
  /** A condition that every path meets of which another pattern says something; null where there is none. */
  readonly asked: RegExp | null;
}

/** A pattern that says the same of every entry of that name, wherever it is. */
const NAME = /^[\w.-]+\/?$/;

export function relevanceOf(patterns: readonly string[], ignoreCase: boolean): Relevance {
  const rules = patterns.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const names = rules.filter((rule) => NAME.test(rule)).map((rule) =>
    "(?:^|/)" + escaped(rule) + (rule.endsWith("/") ? "" : "(?:/|$)")
  );
  const pieces = rules.filter((rule) => !NAME.test(rule)).map(pieceOf);
  const anyOf = (sources: readonly (string | null)[]) =>
    new RegExp(sources.length === 0 ? "(?!)" : sources.join("|"), ignoreCase ? "i" : "");
  return { named: anyOf(names), asked: pieces.includes(null) ? null : anyOf(pieces) };
}

/** Whatever a pattern matches is, or is below, a path with an entry for its last part that is not a wildcard. */
function pieceOf(pattern: string): string | null {
  if (pattern.includes("\\")) return null;
  const withoutSets = pattern.replace(/^!/, "").replace(/\[.*/, "*");
  for (const part of withoutSets.split("/").reverse()) {
    const [longest = ""] = part.split(/[*?\]\s]/).sort((a, b) => b.length - a.length);
    if (longest === "") continue;
    const start = part === longest ? "(?:^|/)" : "";
    const end = part.endsWith(longest) ? "(?:/|$)" : "";
    return start + escaped(longest) + end;
  }
  return null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
