import type { Reading } from "./who_reads.ts";

/** What is seen of a terminal that a program may ask on. */
export interface Seen {
  /** Somebody has it open. */
  readonly isHeld: boolean;
  /** What was written last has not ended its line. */
  readonly isLineOpen: boolean;
  /** What is typed is shown. */
  readonly echoes: boolean;
  /** What is typed comes by lines; else each key counts. */
  readonly byLines: boolean;
  readonly reading: () => Reading;
}

/**
 * Whether what is typed is for who asks there, not for standard input. A shell holds its terminal open and reads
 * standard input, and a program may show there how far it is: to hold it, or to write to it, is not to ask.
 */
export function isAsking({ isHeld, isLineOpen, echoes, byLines, reading }: Seen): boolean {
  if (!isHeld) return false;
  if (!byLines || isLineOpen && !echoes) return true;
  const how = reading();
  return how === "yes" || how === "maybe" && (isLineOpen || !echoes);
}

/** Ends of lines in what is typed, of which the terminal makes one: return, and what ends the input. */
const ENDS: readonly number[] = [0x0a, 0x0d, 0x04];

/** Whether this byte completes an answer by lines. */
export function endsLine(byte: number): boolean {
  return ENDS.includes(byte);
}
