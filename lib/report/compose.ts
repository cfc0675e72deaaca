import { bold, dim, red, stripAnsiCode, yellow } from "@std/fmt/colors";
import type { Message, Weight } from "./message.ts";

const PREFIX = "baton: ";
const INDENT = " ".repeat(PREFIX.length);
/** Everything that moves the cursor or rings a bell; a tab does no harm. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

type Paint = (text: string) => string;

const plain: Paint = (text) => text;
const faint: Paint = (text) => dim(text);
const PAINTS: Readonly<Record<Weight, Paint>> = {
  error: (text) => bold(red(text)),
  warning: (text) => yellow(text),
  news: plain,
  detail: faint,
};

/** A message as the lines that are written, the last line end included. */
export function compose(
  { weight, what, where, next, lines = [] }: Message,
  colored: boolean,
): string {
  const label = colored ? faint : plain;
  const labelled = (name: string, text: string | undefined) =>
    text === undefined ? [] : [`${label(name)} ${cleaned(text).join(" ")}`];
  const [first, ...rest] = [
    ...cleaned(what).map(colored ? PAINTS[weight] : plain),
    ...lines.flatMap(cleaned).map((line) => `  ${line}`),
    ...labelled("Where:", where),
    ...labelled("Next:", next),
  ];
  return [label(PREFIX) + first, ...rest.map((line) => INDENT + line), ""].join("\n");
}

/** What others said may be several lines, and must not control the terminal. */
function cleaned(text: string): string[] {
  const bare: string = stripAnsiCode(text);
  return bare.trimEnd().split(/\r?\n/).map((line) => line.replace(CONTROL, ""));
}
