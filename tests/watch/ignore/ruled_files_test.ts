/** Which files count where rules name them; see docs/ladder.md. */
import { assertEquals, fail } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import { parseRule } from "../../../lib/configure/rules.ts";
import { Filter, type FilterSettings } from "../../../lib/watch/ignore/filter.ts";
import { RuledFiles } from "../../../lib/watch/ignore/ruled_files.ts";
import { FakePlatform } from "../../support/fake_platform.ts";

/** Which of the paths count, asked top-down as a walk does. */
function counting(
  paths: readonly string[],
  rules: readonly string[],
  gitignore = "",
  settings: Partial<FilterSettings> = {},
): string[] {
  const cwd = Deno.makeTempDirSync({ prefix: "baton_ruled_" });
  try {
    Deno.writeTextFileSync(`${cwd}/.gitignore`, gitignore);
    for (const path of paths) {
      ensureDirSync(dirname(`${cwd}/${path}`));
      Deno.writeTextFileSync(`${cwd}/${path}`, "");
    }
    const filter = new Filter(new FakePlatform(), {
      ...{ cwd, ext: [], ignore: [], gitignore: true, stateDir: `${cwd}/state` },
      rules: rules.map((rule) => parseRule(rule)!),
      ...settings,
    }, ({ what }) => fail(what));
    const root = filter.rulesOf({ path: cwd, only: null });
    return paths.filter((path) => {
      const parts = path.split("/");
      let chain = filter.ignoreFiles.inside(filter.ignoreFiles.outside(cwd), cwd);
      for (let depth = 1; depth < parts.length; depth++) {
        const folder = `${cwd}/${parts.slice(0, depth).join("/")}`;
        if (!filter.countsAsFolder(folder, root, chain)) return false;
        chain = filter.ignoreFiles.inside(chain, folder);
      }
      return filter.countsAsFile(`${cwd}/${path}`, root, chain);
    });
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

const DATA = ["data/a.json", "data/cache.bin", "data/deep/b.json", "app.py"];

Deno.test("a file that a rule names is seen in an ignored folder, and nothing else there", () => {
  assertEquals(counting(DATA, [], "data/"), ["app.py"]);
  assertEquals(counting(DATA, ["data/*.json=notify"], "data/"), ["data/a.json", "app.py"]);
  assertEquals(counting(DATA, ["data/**/*.json=notify"], "data/"), [
    "data/a.json",
    "data/deep/b.json",
    "app.py",
  ]);
  assertEquals(counting(DATA, ["data=notify"], "data/"), DATA);
  assertEquals(counting(DATA, ["*.json=notify"], "*.json"), DATA);
});

Deno.test("wildcards alone name nothing: what is ignored stays so", () => {
  for (const rule of ["data/**=notify", "**=restart", "*=run:make"]) {
    assertEquals(counting(DATA, [rule], "data/"), ["app.py"], rule);
  }
});

Deno.test("folders below that are ignored by themselves are not entered", () => {
  const paths = ["src/a.py", "src/.venv/lib/b.py", "src/node_modules/c.py"];
  assertEquals(counting(paths, ["src/**/*.py=reload"]), ["src/a.py"]);
  assertEquals(counting(paths, ["src/.venv/lib/*.py=reload"]), paths.slice(0, 2));
});

Deno.test("what a rule ignores is left out, unless one before it names it", () => {
  const paths = ["docs/a.md", "docs/b.txt", "a.md"];
  assertEquals(counting(paths, ["*.md=ignore"]), ["docs/b.txt"]);
  assertEquals(counting(paths, ["docs/a.md=notify", "docs/=ignore"]), ["docs/a.md", "a.md"]);
  assertEquals(counting(paths, ["docs/**=ignore", "docs/a.md=notify"]), ["a.md"]);
});

Deno.test("--ignore wins over rules, and what they name needs no extension of --ext", () => {
  assertEquals(counting(DATA, ["data/*.json=notify"], "", { ignore: ["data"] }), ["app.py"]);
  assertEquals(counting(DATA, ["data/a.json=notify"], "", { ext: ["py"] }), [
    "data/a.json",
    "app.py",
  ]);
});

Deno.test("the first rule that names a path counts, by the folders that it is in, too", () => {
  const texts = ["data/x/*=reload", "data=notify", "*.json=recycle"];
  const files = new RuledFiles({ cwd: "/p", rules: texts.map((text) => parseRule(text)!) }, false);
  const numbers = ["data/x/a", "data/a.json", "b/a.json", "a.py", "../data/a"]
    .map((path) => files.numberOf(path));
  assertEquals(numbers, [0, 1, 2, undefined, undefined]);
});
