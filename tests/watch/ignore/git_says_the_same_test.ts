import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import fc from "fast-check";
import { IgnoreRules } from "../../../lib/watch/ignore/ignore_rules.ts";
import { bytesOfText } from "../../../lib/watch/ignore/bytes.ts";

const TREES = 120;
const FILES = ["a", "b", "ab", "a.ts", "b.ts", "x.pyc", "a b", "é", "#a", "a+b", "[", "a\\b", "A"];
const FOLDERS = ["", "a/", "b/", "ab/", "a/b/", "a/b/ab/", "é/"];
const PATHS = FOLDERS.flatMap((folder) => FILES.map((file) => folder + file));

const plain = fc.constantFrom(...FILES, "c", "a/b", "b/a");
const wild = fc.constantFrom(
  ...["*", "**", "***", "*.ts", "a*", "*b", "a?", "?", "??", "*.py[cod]", "a*b", "*a*b*", "**b"],
  ...["a**", "a**b", "[", "a[b", "!a", "*?", "?*", "[ab]", "[!a]", "[^a]*", "[a-c]*", "[]-]", "]"],
  ...[
    "[[:alpha:]]",
    "[[:punct:]]*",
    "[![:space:]b]*",
    "[[:nonsense:]]",
    "[[:alpha]",
    "[a-",
    "[\\]]",
    "[+--]",
    "*[.]*",
    "[a/]",
  ],
);
const odd = fc.constantFrom(
  ...["\\a", "\\#a", "\\!a", "a\\ ", "a ", " a", "a\t", "a\\", "\\*", "\\[", "a\\\\b", "a\0b"],
  ...["#a", "**\\", "a \\ ", "a  ", "a\r", ""],
);
const part = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 4, arbitrary: wild },
  { weight: 1, arbitrary: odd },
);
const line = fc.tuple(
  fc.constantFrom("", "", "", "!", "/", "!/", "#", "**/", " "),
  fc.array(part, { minLength: 1, maxLength: 3 }),
  fc.constantFrom("", "", "", "/", "/**", "/*", "//", " "),
).map(([before, parts, after]) => before + parts.join("/") + after);
const lines = fc.array(line, { minLength: 1, maxLength: 5 });

/** The paths that git ignores, each of its own folder's ignore file. */
async function ignoredByGit(root: string, paths: readonly string[]): Promise<Set<string>> {
  const git = (...args: string[]) =>
    new Deno.Command("git", {
      args: ["-C", root, ...args],
      env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  const init = git("init", "-q");
  await init.stdin.close();
  await init.output();
  const asked = git("check-ignore", "--no-index", "--stdin", "-z", "-v", "-n");
  const answer = asked.output();
  const writer = asked.stdin.getWriter();
  await writer.write(new TextEncoder().encode(paths.map((path) => `${path}\0`).join("")));
  await writer.close();
  const fields = new TextDecoder().decode((await answer).stdout).split("\0");
  const ignored = new Set<string>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source, , pattern, path] = fields.slice(at, at + 4);
    if (source !== "" && !pattern!.startsWith("!")) ignored.add(path!);
  }
  return ignored;
}

/** Asked top-down, as a walk does. */
function isIgnored(rules: IgnoreRules, base: string, path: string): boolean {
  const parts = path.split("/");
  return parts.some((_, at) => {
    const isFolder = at < parts.length - 1;
    return rules.verdict(`${base}/${parts.slice(0, at + 1).join("/")}`, isFolder) === true;
  });
}

Deno.test("random ignore files mean what they mean to git", async () => {
  const root = Deno.makeTempDirSync({ prefix: "baton_ignore_" });
  try {
    const trees = fc.sample(lines, { numRuns: TREES, seed: 20_261_128 });
    for (const [at, lines] of trees.entries()) {
      for (const folder of FOLDERS) ensureDirSync(`${root}/${at}/${folder}`);
      for (const path of PATHS) {
        try {
          Deno.writeTextFileSync(`${root}/${at}/${path}`, "");
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "EISDIR")) throw error;
        }
      }
      Deno.writeTextFileSync(`${root}/${at}/.gitignore`, lines.join("\n"));
    }
    const paths = trees.flatMap((_, at) => PATHS.map((path) => `${at}/${path}`));
    const expected = await ignoredByGit(root, paths);
    const isFolder = (path: string) => FOLDERS.includes(`${path}/`);
    const wrong: unknown[] = [];
    for (const [at, lines] of trees.entries()) {
      const text = lines.join("\n").split("\n").map(bytesOfText);
      const rules = new IgnoreRules(`/${at}`, text, { ignoreCase: false });
      for (const path of PATHS.filter((path) => !isFolder(path))) {
        const found = isIgnored(rules, `/${at}`, path);
        const wanted = expected.has(`${at}/${path}`);
        if (found !== wanted) wrong.push([lines, path, { git: wanted }]);
      }
    }
    assertEquals(wrong, []);
    assertEquals(expected.size > 500, true, `git ignores ${expected.size} of ${paths.length}`);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
