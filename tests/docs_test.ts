/** The examples of the README and of the pages, run as they stand there, and where their links lead. */
import { assert, assertEquals } from "@std/assert";
import { dirname, relative, resolve } from "@std/path";
import { Baton, Project } from "./e2e/baton.ts";
import { PYTHON } from "./support/running.ts";

const root = new URL("../", import.meta.url).pathname;

/** Every page, by its path. */
const pages = new Map(
  ["README.md", "CONTRIBUTING.md", ...markdownIn("docs"), ...readmesIn("clients", "examples")]
    .map((path) => [path, Deno.readTextFileSync(root + path)] as const),
);

function markdownIn(folder: string): string[] {
  return [...Deno.readDirSync(root + folder)].map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".md")).sort();
}

function readmesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(root + folder)].filter(({ isDirectory }) => isDirectory)
      .flatMap(({ name }) => markdownIn(`${folder}/${name}`))
  );
}

/** A command in the text, and the first block of code after it, which begins with the file's name. */
const EXAMPLE = /`baton -- ([^`]+)`\n\n```\w+\n((?:#|\/\/) (\S+)\n[^]*?)```/g;
const examples = [...pages].flatMap(([page, content]) =>
  [...content.matchAll(EXAMPLE)]
    .map(([, command, text, file]) => ({ page, command: command!, text: text!, file: file! }))
);

/** On this machine a program may have another name. */
function installed(word: string): string {
  if (word === "deno") return Deno.execPath();
  return word === "python3" ? PYTHON : word;
}

Deno.test("the README has an example each for Python, TypeScript and shell, and the pages theirs", () => {
  assertEquals(examples.map(({ page, file }) => `${page}: ${file}`), [
    "README.md: app.py",
    "README.md: app.ts",
    "README.md: app.sh",
    "docs/boots-twice.md: locked.py",
    "docs/recipes.md: shapes.py",
    "docs/recipes.md: worker.py",
  ]);
});

for (const { page, command, file, text } of examples) {
  Deno.test(`${page}: ${file} goes on counting`, async () => {
    using project = new Project({ [file]: text.replace("./mod.ts", `${root}mod.ts`) });
    await using baton = new Baton(project, command.split(" ").map(installed));
    await baton.event("armed");
    await baton.prints("tick 1");
    project.replace(file, /tick(?=[ "])/g, "tock");
    await baton.event("ready", ({ generation }) => generation === 2);
    await baton.line(/^tock \d+$/m);
    await baton.stop();
    const counts = baton.stdout.trimEnd().split("\n").map((line) => Number(line.split(" ")[1]));
    assertEquals(counts, counts.map((_, at) => at + 1));
  });
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

for (const [path, page] of pages) {
  Deno.test(`what ${path} links to is there`, () => {
    const prose = page.replace(/```[^]*?```/g, "");
    for (const [, file, anchor] of prose.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const target = file === "" ? path : relative(root, resolve(root, dirname(path), file!));
      Deno.statSync(root + target);
      if (anchor === undefined || !target.endsWith(".md")) continue;
      const anchors = anchorsOf(pages.get(target) ?? Deno.readTextFileSync(root + target));
      assert(anchors.includes(anchor), `${target} has no heading for "#${anchor}"`);
    }
  });
}

Deno.test("every page is in the index", () => {
  const index = pages.get("docs/README.md")!;
  for (const path of markdownIn("docs")) {
    const name = path.slice("docs/".length);
    if (name !== "README.md") {
      assert(index.includes(`](${name})`), `${name} is not in docs/README.md`);
    }
  }
});
