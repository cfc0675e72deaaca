import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** The name that a mistyped word was probably meant to be. */
export function nearest(word: string, names: readonly string[]): string | null {
  const name: string | undefined = closestString(word, [...names], { caseSensitive: false });
  if (name === undefined) return null;
  const typos: number = levenshteinDistance(word.toLowerCase(), name.toLowerCase());
  return typos <= 1 + name.length / 3 ? name : null;
}
