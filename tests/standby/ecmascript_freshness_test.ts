/** Which edits have a program of Deno or Bun start cold; the files are played. */
import { assertEquals } from "@std/assert";
import { Freshness } from "../../clients/ecmascript/standby/freshness.mjs";

const MAIN = "/p/main.ts";
const TEXT = `import { a } from "a";\nimport "./own.ts";\nexport const VERSION = "1";\n`;

class Files {
  readonly texts: Record<string, string> = {
    [MAIN]: TEXT,
    "/p/own.ts": "",
    "/p/late.ts": "",
    "/p/node_modules/a/i.js": "",
  };

  read(path: string): string {
    if (this.texts[path] === undefined) throw new Error("It is not there");
    return this.texts[path];
  }

  real(path: string): string {
    return path;
  }

  stat(path: string) {
    const text = this.texts[path];
    return text === undefined ? null : { isDirectory: false, stamp: text, changedAt: 0 };
  }

  list(folder: string): string[] {
    const beginning = `${folder}/`;
    return Object.keys(this.texts).filter((path) => path.startsWith(beginning))
      .map((path) => path.slice(beginning.length).split("/")[0]!);
  }
}

/** Why it starts cold after these files were written. */
function why(written: Readonly<Record<string, string>>): string | null {
  const files = new Files();
  const project = new Set([MAIN, "/p/own.ts"]);
  const graph = { project, files: new Set(["/p/node_modules/a/i.js", "/p/node_modules/b"]) };
  const fresh = new Freshness(files, graph, 1);
  Object.assign(files.texts, written);
  return fresh.fault() ?? fresh.sourceFault(Object.keys(written));
}

const edited = (from: string, to: string) => why({ [MAIN]: TEXT.replace(from, to) });

Deno.test("an edit that imports the same is no reason to start cold", () => {
  assertEquals(edited('"1"', '"2"'), null);
  assertEquals(edited("{ a }", "{ a, b as c }"), null);
  assertEquals(edited("export", 'import fs from "node:fs";\nexport'), null);
  assertEquals(why({ "/p/late.ts": 'import "b"', "/p/page.html": "" }), null);
});

Deno.test("an edit that imports something else, or in another order or way, is one", () => {
  const others = `the imports of ${MAIN} are others`;
  assertEquals(edited('"a"', '"b"'), others);
  assertEquals(edited('import { a } from "a";\n', ""), others);
  assertEquals(edited("export", 'const later = import("c");\nexport'), others);
  assertEquals(edited("export", "export * from/* all */'c';\nexport"), others);
  assertEquals(edited('import "./own.ts";', 'await import("./own.ts");'), others);
  assertEquals(edited('import { a } from "a"', '// import { a } from "a"'), others);
  assertEquals(edited('import "./own.ts";', '/* import "./own.ts"; */'), others);
  assertEquals(
    edited('import { a } from "a";\nimport "./own.ts"', 'import"./own.ts";import{a}from"a"'),
    others,
  );
});

Deno.test("so is a new module, a file of settings, a package that has changed, and a way of its own to load", () => {
  assertEquals(why({ "/p/new.ts": "" }), "/p/new.ts is new");
  assertEquals(why({ "/p/sub/index.js": "" }), "/p/sub/index.js is new");
  assertEquals(
    why({ "/p/import_map.json": "{}" }),
    "/p/import_map.json may be read before the program begins",
  );
  assertEquals(why({ "/p/node_modules/a/i.js": "1" }), "/p/node_modules/a/i.js was changed");
  assertEquals(why({ "/p/node_modules/b": "" }), "/p/node_modules/b was changed");
  for (
    const text of [
      "Bun.plugin(own)",
      "const { plugin } = Bun",
      'import { plugin as p } from "bun"',
      'import { registerHooks } from "node:module"',
      'import { register } from "node:module"',
    ]
  ) {
    assertEquals([text, why({ "/p/own.ts": text }) === null], [text, false]);
  }
});
