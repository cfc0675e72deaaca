import type { Pattern } from "./pattern.ts";

/** Beyond this an expression takes longer to be made, and to fail, than it saves. */
const LONGEST_SOURCE = 8_192;

/**
 * What every path meets that one of the patterns may match: fixed texts only, so nothing is tried twice. Null where
 * that is every path, or the patterns are many.
 */
export function prefilterOf(patterns: readonly Pattern[]): RegExp | null {
  const pieces = [];
  let length = 0;
  for (const pattern of patterns) {
    const piece = pieceOf(pattern);
    length += piece.length + 1;
    if (piece === "" || length > LONGEST_SOURCE) return null;
    pieces.push(piece);
  }
  return pieces.length === 0 ? /(?!)/ : new RegExp(pieces.join("|"));
}

function pieceOf({ isPath, start, rest: { literal, suffix, needed } }: Pattern): string {
  if (literal !== null) return `${isPath ? "^" : "(?:^|/)"}${escaped(start + literal)}$`;
  if (suffix !== null) return `${escaped(suffix)}$`;
  return start.length > needed.length ? `^${escaped(start)}` : escaped(needed);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
