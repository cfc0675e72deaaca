/** Scripts and tasks that a project names in a JSON file. */
import { BatonError } from "../../errors.ts";
import { parseJsonc } from "../jsonc.ts";
import type { Folder } from "./folder.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a JSON file holds; nothing where it is broken, which others will say. */
export function fieldsOf(folder: Pick<Folder, "read">, name: string): Fields {
  try {
    return Object(parseJsonc(folder.read(name) ?? "{}", name));
  } catch (error) {
    if (error instanceof BatonError) return {};
    throw error;
  }
}

/** Two would restart it: `deno run --watch`, nodemon. */
const WATCHES = /\bwatch\b|--hot\b|\bnodemon\b|\bts-node-dev\b/;

/** The task to run while its files are edited: `start` may serve what was built before. */
export function taskOf(tasks: Fields): string | undefined {
  const isPlain = !WATCHES.test(JSON.stringify(tasks.dev ?? ""));
  return [...isPlain ? ["dev"] : [], "start", "serve"].find((name) => Object.hasOwn(tasks, name));
}

/** What only a shell reads. */
const SYNTAX = /[&|;<>$`"'\\(){}*?=!#~]/;

/**
 * The command of a task without what watches in it, where that is easily told: `tsx watch src/index.ts` is
 * `tsx src/index.ts`. `exec` is how a command of the project's packages is called.
 */
export function unwatched(task: unknown, exec: readonly string[]): readonly string[] | null {
  const text = typeof task === "string" ? task : Object(task).command;
  if (typeof text !== "string" || !WATCHES.test(text) || SYNTAX.test(text)) return null;
  const [name, ...words] = text.trim().split(/\s+/);
  switch (name) {
    case "tsx":
      return words[0] === "watch" ? [...exec, "tsx", ...words.slice(1)] : null;
    case "nodemon":
      return words.every((word) => /^[^-].*\.[cm]?js$/.test(word)) && words.length > 0
        ? ["node", ...words]
        : null;
    case "node":
    case "bun":
    case "deno": {
      const rest = words.filter((word) => word !== "--watch" && word !== "--hot");
      return rest.some((word) => WATCHES.test(word)) ? null : [name, ...rest];
    }
  }
  return null;
}
