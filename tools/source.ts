import { walkSync } from "@std/fs/walk";

/** A file of the project, its path relative to the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const SKIPPED = [/(^|\/)(dist|node_modules|__pycache__)$/, /(^|\/)\.(?!ci(\/|$)|\/|$)[^/]*/];
const TEXT = /\.(ts|js|mjs|py|go|rb|rs|sh|md|json|jsonc|toml|yml)$|(^|\/)[\w-]+$/;

/** Every text file of the project, sorted by path. */
export async function readSources(): Promise<Source[]> {
  const files = walkSync(".", { includeDirs: false, includeSymlinks: false, skip: SKIPPED });
  const paths = Array.from(files, ({ path }) => path).filter((path) => TEXT.test(path)).sort();
  return await Promise.all(
    paths.map(async (path) => ({ path, text: await Deno.readTextFile(path) })),
  );
}

const STRING_OR_COMMENT =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[^]*?\*\//g;

/** TypeScript without its comments; the lines stay where they are. */
export function withoutComments(text: string): string {
  return text.replace(
    STRING_OR_COMMENT,
    (found) => found.startsWith("/") ? found.replace(/[^\n]/g, "") : found,
  );
}

/** `path:line` of an offset. */
export function place(path: string, text: string, offset: number): string {
  return `${path}:${text.slice(0, offset).split("\n").length}`;
}
