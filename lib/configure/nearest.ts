import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** The name that a mistyped word was probably meant to be. */
export function nearest(word: string, names: readonly string[]): string | null {
  const mayDiffer = (name: string) => 1 + name.length / 3;
  const alike = names.filter((name) => Math.abs(word.length - name.length) <= mayDiffer(name));
  if (alike.length === 0) return null;
  // Two letters in the wrong order are a typo more often than two other letters.
  const isOfSameLetters = (name: string) => lettersOf(name) === lettersOf(word);
  const likely = alike.toSorted((a, b) => Number(isOfSameLetters(b)) - Number(isOfSameLetters(a)));
  const name: string = closestString(word, likely, { caseSensitive: false });
  const typos: number = levenshteinDistance(word.toLowerCase(), name.toLowerCase());
  return typos <= mayDiffer(name) ? name : null;
}

/** In the order of the alphabet. */
function lettersOf(word: string): string {
  return [...word.toLowerCase()].sort().join("");
}
