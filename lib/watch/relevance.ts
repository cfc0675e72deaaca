/**
 * A condition that every path meets of which these .gitignore patterns say something, so that the others need
 * not be asked about: one literal piece of each pattern must be in the path. Null where a pattern has none.
 */
export function relevanceOf(patterns: readonly string[], ignoreCase: boolean): RegExp | null {
  const pieces = patterns.filter((line) => line.trim() !== "" && !line.startsWith("#")).map(
    pieceOf,
  );
  if (pieces.some((piece) => piece === null)) return null;
  return new RegExp(pieces.length === 0 ? "(?!)" : pieces.join("|"), ignoreCase ? "i" : "");
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
