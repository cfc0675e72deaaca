/** The examples of the README and of the pages, run as they stand there, and where their links lead. */
import { assert, assertEquals } from "@std/assert";
import { dirname, relative, resolve } from "@std/path";
import { Baton, Project } from "./e2e/baton.ts";
import { examples, isServer, markdownIn, pages } from "./docs_examples.ts";
import { PYTHON } from "./support/running.ts";

const root = new URL("../", import.meta.url).pathname;

/** On this machine a program may have another name. */
function installed(word: string): string {
  if (word === "deno") return Deno.execPath();
  return word === "python3" ? PYTHON : word;
}

Deno.test("the README has its examples, and the pages theirs", () => {
  assertEquals(examples.map(({ page, file }) => `${page}: ${file}`).sort(), [
    "README.md: app.py",
    "README.md: app.sh",
    "README.md: app.ts",
    "README.md: fast.py",
    "README.md: server.mjs",
    "README.md: web.py",
    "docs/boots-twice.md: locked.py",
    "docs/recipes.md: shapes.py",
    "docs/recipes.md: worker.py",
  ]);
});

/** Five times as fast. */
function hastened(text: string): string {
  return text.replace(/\b(wait\(|sleep )1\b/, "$10.2").replace(/\b1000\b/, "200");
}

for (const { page, command, file, text } of examples.filter((one) => !isServer(one))) {
  Deno.test(`${page}: ${file} goes on counting`, async () => {
    using project = new Project({ [file]: hastened(text).replace("./mod.ts", `${root}mod.ts`) });
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
