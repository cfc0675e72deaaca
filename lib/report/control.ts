/**
 * Everything that moves the cursor, rings a bell or begins a sequence, or has what follows read in another order
 * (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters); a tab and a line end do no harm.
 */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** The text without what would control the terminal that shows it: others have chosen parts of it. */
export function withoutControl(text: string): string {
  return text.replace(CONTROL, "");
}

/** Colors and other sequences of a terminal (ECMA-48): the introducer with what ends it, a command, or two characters. */
// deno-lint-ignore no-control-regex
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])/g;

/** The text as who is no terminal reads it: without colors, and without what else would control one. */
export function plain(text: string): string {
  return withoutControl(text.replace(SEQUENCE, ""));
}

/** JSON with all of that escaped, also what JSON itself lets stand. */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(CONTROL, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
