import { assertEquals } from "@std/assert";
import { bytesOfText } from "../../../lib/watch/ignore/bytes.ts";
import { IgnoreRules, MOST_COST } from "../../../lib/watch/ignore/ignore_rules.ts";

function rulesOf(text: string, ignoreCase = false): IgnoreRules {
  return new IgnoreRules("/base", text.split("\n").map(bytesOfText), { ignoreCase });
}

Deno.test("patterns that a matcher could try in endless ways are told at once", () => {
  const long = "a".repeat(200);
  for (
    const [pattern, isIgnored] of [
      ["*a".repeat(60) + "*b", null],
      ["*a".repeat(60) + "*", true],
      ["a*".repeat(100) + "?b", null],
      ["**/".repeat(1_000) + "*b", null],
      ["**/".repeat(1_000) + "a*", true],
      ["/**/*a".repeat(40) + "b", null],
      ["[a-z]*".repeat(100) + "b", null],
      ["*".repeat(100_000) + "a", true],
    ] as const
  ) assertEquals(rulesOf(pattern).verdict(`/base/${long}`, false), isIgnored, pattern.slice(0, 20));
  const deep = "/base" + "/a".repeat(1_000);
  assertEquals(rulesOf("/**/*a".repeat(40) + "b").verdict(deep, false), null);
});

Deno.test("a pattern that is longer than any path matches nothing, and costs nothing", () => {
  for (const piece of ["a*", "ab", "?", "[ab]", "a/", "\\a", "a/**/"]) {
    const rules = rulesOf(`${piece.repeat(100_000)}\nb`);
    assertEquals([rules.cutAt, rules.cost, rules.verdict("/base/b", false)], [null, 0, true]);
  }
  for (const broken of ["[", "\\", "\\ ", "!", "[[:", "[]", "[a-"]) {
    assertEquals(rulesOf(broken.repeat(100_000)).verdict("/base/[", false), null, broken);
  }
});

Deno.test("names, paths and suffixes can be as many as they like", () => {
  const many = (line: (at: number) => string) =>
    Array.from({ length: 50_000 }, (_, at) => line(at));
  const lines = [many((at) => `n${at}`), many((at) => `/p/${at}`), many((at) => `*.s${at}`)].flat();
  const rules = rulesOf(lines.join("\n"));
  assertEquals([rules.cutAt, rules.cost], [null, 0]);
  for (const path of ["a/n49999", "p/49999", "a/b.s49999"]) {
    assertEquals(rules.verdict(`/base/${path}`, false), true, path);
  }
  assertEquals(rules.verdict("/base/a/n50000", false), null);
});

Deno.test("wildcards that would take too long are left out from a line on, of which one is told", () => {
  const lines = ["first", ...Array<string>(MOST_COST).fill("a*b*c"), "last"];
  const rules = rulesOf(lines.join("\n"));
  const cutAt = 2 + Math.floor(MOST_COST / 5);
  assertEquals([rules.cutAt, rules.cost <= MOST_COST], [cutAt, true]);
  const says = ["first", "a_b_c", "last"].map((name) => rules.verdict(`/base/${name}`, false));
  assertEquals(says, [true, true, null]);
});

Deno.test("bytes are compared, whether they are UTF-8 or not", () => {
  const rules = rulesOf("é\n*.日本\nx?");
  assertEquals(rules.verdict("/base/é", false), true);
  assertEquals(rules.verdict("/base/a.日本", false), true);
  assertEquals(rules.verdict("/base/xé", false), null); // As for git, one "?" is one byte.
  const broken = new IgnoreRules("/base", ["\xff\xfe", "\x80*", "a"], { ignoreCase: false });
  assertEquals(broken.verdict("/base/a", false), true);
});

Deno.test("case is ignored where the system does so", () => {
  const rules = rulesOf("Build/\n*.LOG\n[A-C]x", true);
  assertEquals(rules.verdict("/base/bUILD", true), true);
  assertEquals(rules.verdict("/base/a.Log", false), true);
  assertEquals([rules.verdict("/base/bX", false), rules.verdict("/base/dx", false)], [true, null]);
});

Deno.test("rules speak of an entry by itself, not of what is in a folder that they ignore", () => {
  const outer = rulesOf("build/\n*.log\n!keep.log\ntmp");
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
