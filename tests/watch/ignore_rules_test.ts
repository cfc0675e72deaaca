import { assertEquals } from "@std/assert";
import fc from "fast-check";
import ignore from "ignore";
import { IgnoreRules } from "../../lib/watch/ignore_rules.ts";

const name = fc.constantFrom(
  "a",
  "b",
  "A",
  "ab",
  "a.ts",
  "b.ts",
  "x.py",
  "x.pyc",
  "a b",
  "é",
  "#a",
  "a+b",
);
const wild = fc.constantFrom(
  "*",
  "**",
  "*.ts",
  "a*",
  "*b",
  "a?",
  "[ab]",
  "*.py[cod]",
  "[",
  "a[b",
  "!a",
);
const odd = fc.constantFrom(
  "\\a",
  "\\#a",
  "\\!a",
  "a\\ ",
  "a ",
  " a",
  "a\t",
  "\ta",
  "[!a]",
  "[^a]*",
  "]",
);
const part = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 3, arbitrary: wild },
  { weight: 1, arbitrary: odd },
);
const pattern = fc.tuple(
  fc.constantFrom("", "", "!", "/", "!/", "#"),
  fc.array(part, { minLength: 1, maxLength: 3 }),
  fc.constantFrom("", "", "/"),
).map(([before, parts, after]) => before + parts.join("/") + after);
const patterns = fc.array(pattern, { maxLength: 5 });
const path = fc.array(name, { minLength: 1, maxLength: 4 });

/** What npm:ignore says by itself. */
function expected(text: string | string[], path: string, ignorecase: boolean): boolean | null {
  const { ignored, unignored } = ignore({ ignorecase }).add(text).test(path);
  return ignored ? true : unignored ? false : null;
}

Deno.test("the rules say what npm:ignore says, though it is seldom asked", () => {
  let spoken = 0;
  fc.assert(
    fc.property(
      ...[patterns, fc.array(path, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.boolean()],
      ...[fc.boolean(), fc.constantFrom("\n", "\r\n")],
      (lines, paths, isFolder, ignoreCase, isText, lineEnd) => {
        const text = isText ? lines.join(lineEnd) : lines;
        const rules = new IgnoreRules("/base", text, ignoreCase);
        for (const parts of paths) {
          const path = parts.join("/");
          const parent = parts.length > 1
            ? expected(text, parts.slice(0, -1).join("/") + "/", ignoreCase)
            : null;
          if (parent === true) continue; // Nobody asks, unless other rules have decided.
          const verdict = rules.verdict(`/base/${path}`, isFolder);
          assertEquals(verdict, expected(text, isFolder ? `${path}/` : path, ignoreCase));
          if (verdict !== null) spoken++;
        }
      },
    ),
    { numRuns: 8_000 },
  );
  assertEquals(spoken > 1_000, true, `the rules spoke ${spoken} times`);
});

Deno.test("of what is in a folder that nearer rules include, farther ones say only what they say of it by itself", () => {
  const outer = new IgnoreRules("/base", "build/\n*.log\n!keep.log\ntmp", false);
  const says = (path: string, isFolder = false) => outer.verdict(`/base/${path}`, isFolder);
  assertEquals([says("build", true), says("build")], [true, null]);
  assertEquals([says("build/a.py"), says("build/in/deep/a.py"), says("build/in", true)], [
    null,
    null,
    null,
  ]);
  assertEquals([says("build/a.log"), says("build/tmp"), says("build/build", true)], [
    true,
    true,
    true,
  ]);
});
