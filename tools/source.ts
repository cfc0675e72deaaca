/** A file of the project, its path relative to the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set(["dist", "node_modules", "__pycache__"]);
const TEXT = /\.(ts|js|mjs|py|sh|md|json|jsonc|toml|yml)$|(^|\/)[\w-]+$/;

async function* pathsBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = folder === "." ? name : `${folder}/${name}`;
    const hidden = name.startsWith(".") && name !== ".ci";
    if (SKIPPED.has(name) || hidden) continue;
    if (isDirectory) yield* pathsBelow(path);
    else if (isFile && TEXT.test(path)) yield path;
  }
}

/** Every text file of the project, sorted by path. */
export async function readSources(): Promise<Source[]> {
  const sources: Source[] = [];
  for await (const path of pathsBelow(".")) {
    sources.push({ path, text: await Deno.readTextFile(path) });
  }
  return sources.sort((a, b) => a.path < b.path ? -1 : 1);
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
