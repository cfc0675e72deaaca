/** A part of a name that differs from run to run: a date, a number, what is random. */
const CHANGING_PART = /[0-9A-Za-z]*\d[0-9A-Za-z]*/g;

/** A glob for all names of one kind: they differ by a date or a number. */
export function kindOf(path: string): string {
  return path.replace(CHANGING_PART, "*").replace(/\*([-_.]\*)+/g, "*");
}
