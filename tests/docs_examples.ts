/** The pages for people, and the programs in them. */

const root = new URL("../", import.meta.url).pathname;

/** Every page, by its path. */
export const pages: ReadonlyMap<string, string> = new Map(
  ["README.md", "CONTRIBUTING.md", ...markdownIn("docs"), ...readmesIn("clients", "examples")]
    .map((path) => [path, Deno.readTextFileSync(root + path)] as const),
);

/** The pages in a folder, by their paths. */
export function markdownIn(folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".md")).sort();
}

function readmesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(root + folder)].filter(({ isDirectory }) => isDirectory)
      .flatMap(({ name }) => markdownIn(`${folder}/${name}`))
  );
}

export interface Example {
  readonly page: string;
  readonly command: string;
  readonly file: string;
  readonly text: string;
}

/** A command in the text, and the first block of code after it, which begins with the file's name. */
const EXAMPLE = /`baton -- ([^`]+)`\n\n```\w+\n((?:#|\/\/) (\S+)\n[^]*?)```/g;

/** Every program in the pages. */
export const examples: readonly Example[] = [...pages].flatMap(([page, content]) =>
  [...content.matchAll(EXAMPLE)]
    .map(([, command, text, file]) => ({ page, command: command!, text: text!, file: file! }))
);

/** Whether it answers at this port, where others print. */
export function isServer({ command, text }: Example): boolean {
  return `${command}${text}`.includes("8000");
}
