import type { Item } from "./item.ts";
import type { Message } from "./message.ts";
import { count } from "./quantity.ts";
import { type Place, placeIn } from "./place.ts";

/** How many lines of a failure are shown: the whole is on standard error above, and in `baton logs`. */
const SHOWN = 4;
/** What follows the message of an error and says less than the place does. */
const MATTERS_LITTLE = /^\s*$|^\s+at .*|^Node\.js v\d|^\s*\.\.\. \d+ lines matching|^\s*\^+\s*$/;

/** A failure as a person reads it: the last lines that matter, and where in the project it is. */
export function shortened(
  item: Item,
  message: Message,
  cwd: string,
  isFile: (path: string) => boolean,
): Message {
  const isFailure = ["candidate failed", "command failed", "ended"].includes(item.type);
  const { lines = [], where } = message;
  if (!isFailure || lines.length === 0) return message;
  const place = placeIn(lines, cwd, isFile);
  const found = place === null ? {} : { where: where ?? inWords(place) };
  if (lines.length <= SHOWN) return { ...message, ...found };
  const mattering = lines.filter((line) => !MATTERS_LITTLE.test(line));
  const shown = (mattering.length > 0 ? mattering : lines).slice(-SHOWN);
  const left = `(${count(lines.length - shown.length, "line")} more: "baton logs")`;
  return { ...message, ...found, lines: [...shown, left] };
}

function inWords({ file, line }: Place): string {
  return `${file}:${line}`;
}
