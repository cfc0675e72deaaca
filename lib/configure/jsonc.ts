import { parse } from "@std/jsonc";
import { BatonError, messageOf } from "../errors.ts";
import { type Position, positionAt } from "./locate.ts";
import { isTooDeep } from "./project_file.ts";

/** A place in a file, as editors and terminals make a link of it. */
export function at(name: string, position: Position | null): string {
  return position ? `${name}:${position.line}:${position.column}` : name;
}

/** Reads JSON with comments and trailing commas; throws `BatonError` with the place of a mistake. */
export function parseJsonc(text: string, name: string): unknown {
  if (isTooDeep(text)) {
    throw new BatonError({
      what: `Cannot read "${name}" as JSON: it is nested too deeply`,
      where: name,
      next: "Write it flat; a configuration has two levels",
    });
  }
  try {
    const value: unknown = parse(text);
    return value;
  } catch (error) {
    const why = messageOf(error).replace(/^Cannot parse JSONC: | in JSONC at position \d+$/g, "");
    const offset = /at position (\d+)$/.exec(messageOf(error))?.[1];
    throw new BatonError({
      what: `Cannot read "${name}" as JSON: ${why}`,
      where: at(name, positionAt(text, offset ? Number(offset) : text.length)),
      next: "Correct it there; comments and trailing commas are allowed",
    }, { cause: error });
  }
}
