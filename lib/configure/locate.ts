/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place of a character, counted from 0. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|[{}[\],:]|[^\s{}[\],:"/]+/g;

/**
 * Where a key, or an element of a list, is written in JSON that may have comments; null where it is not
 * there. The text must be one that the JSONC parser accepts.
 */
export function locate(text: string, path: readonly PropertyKey[]): Position | null {
  const here: (string | number)[] = [];
  const isWanted = () => here.length === path.length && here.every((key, at) => key === path[at]);
  let expectsKey = false;

  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith("/*") || token === ":") continue;
    const inList = typeof here.at(-1) === "number";
    if (token === ",") {
      if (inList) here.push(Number(here.pop()) + 1);
      else expectsKey = true;
      continue;
    }
    if (token === "}" || token === "]") {
      here.pop();
      expectsKey = false;
      continue;
    }
    if (expectsKey) {
      here.splice(-1, 1, JSON.parse(token));
      expectsKey = false;
      if (isWanted()) return positionAt(text, index);
      continue;
    }
    if (inList && isWanted()) return positionAt(text, index);
    if (token === "{") {
      here.push("");
      expectsKey = true;
    } else if (token === "[") here.push(0);
  }
  return null;
}
