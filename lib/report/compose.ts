import { stripAnsiCode } from "@std/fmt/colors";
import { withoutControl } from "./control.ts";
import type { Message, Weight } from "./message.ts";

const PREFIX = "baton: ";
const INDENT = " ".repeat(PREFIX.length);
type Paint = (text: string) => string;

/** Not those of `@std/fmt`, which ask the environment themselves. */
const style = (code: number): Paint => (text) => `\x1b[${code}m${text}\x1b[0m`;
const plain: Paint = (text) => text;
const [dim, red, yellow] = [style(2), style(31), style(33)];
const PAINTS: Readonly<Record<Weight, Paint>> = {
  error: red,
  warning: yellow,
  news: plain,
  detail: dim,
};

/** A message as the lines that are written, the last line end included. */
export function compose(
  { weight, what, where, next, lines = [] }: Message,
  colored: boolean,
): string {
  const label = colored ? dim : plain;
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
  return bare.trimEnd().split(/\r?\n/).map(withoutControl);
}
