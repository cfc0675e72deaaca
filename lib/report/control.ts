/** Everything that moves the cursor, rings a bell or begins a sequence; a tab and a line end do no harm. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The text without what would control the terminal that shows it: others have chosen parts of it. */
export function withoutControl(text: string): string {
  return text.replace(CONTROL, "");
}

/** JSON with all of that escaped, also what JSON itself lets stand. */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(CONTROL, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
