import { assertEquals } from "@std/assert";
import { styleViolations } from "../../tools/check_style.ts";

function violations(path: string, text: string): string[] {
  return styleViolations([{ path, text }]);
}

const lines = (count: number) => "const a = 1;\n".repeat(count);

Deno.test("no file of the product has over 250 lines, and most have under 100", () => {
  const files = [99, 99, 250].map((count, i) => ({ path: `lib/a${i}.ts`, text: lines(count) }));
  assertEquals(styleViolations(files), []);
  assertEquals(styleViolations([...files, { path: "cli.ts", text: lines(251) }]), [
    "cli.ts: 251 lines, at most 250",
    "lib: the median file has 250 lines, it must be under 100",
  ]);
  assertEquals(violations("tools/a.ts", lines(300)), []);
});

Deno.test("a client in the program's own language has under 400 lines of code", () => {
  const code = "a\n".repeat(200);
  const rust = [
    { path: "clients/rust/src/a.rs", text: `${code}\n// why\n\n#[test]\nfn a() {}\n` },
    { path: "clients/rust/src/b.rs", text: "#[derive(Copy)]\n".repeat(199) },
    { path: "clients/rust/tests/a.rs", text: code },
    { path: "clients/go/a.go", text: `${code}\t// why\n` },
    { path: "clients/go/a_test.go", text: code },
    { path: "clients/go/example/main.go", text: code },
    { path: "clients/ruby/lib/a.rb", text: `${code}  # why\n` },
    { path: "clients/ruby/test/a.rb", text: code },
  ];
  assertEquals(styleViolations(rust), []);
  const more = ["clients/rust/src/c.rs", "clients/go/b.go", "clients/ruby/lib/a/b.rb"];
  const over = more.map((path) => ({ path, text: path.includes("rust") ? "a\n" : code }));
  assertEquals(styleViolations([...rust, ...over]), [
    "clients/rust: 400 lines of code, it must be under 400",
    "clients/go: 400 lines of code, it must be under 400",
    "clients/ruby: 400 lines of code, it must be under 400",
  ]);
});

Deno.test("files are named in snake_case, after a concept", () => {
  assertEquals(violations("tests/a/two_words_test.ts", ""), []);
  assertEquals(violations("lib/twoWords.ts", ""), ["lib/twoWords.ts: is not in snake_case"]);
  assertEquals(violations("lib/watch/utils.ts", ""), [
    "lib/watch/utils.ts: is not named after a concept",
  ]);
});

Deno.test("nothing is swallowed", () => {
  const what = "catches and says nothing";
  const braces = "{}";
  assertEquals(violations("lib/a.ts", "try {\n} catch {\n}\n"), [`lib/a.ts:2: ${what}`]);
  assertEquals(violations("lib/a.ts", "try {} catch (e) { /* no */ }"), [`lib/a.ts:1: ${what}`]);
  assertEquals(violations("lib/a.ts", `a.catch(() => ${braces});`), [`lib/a.ts:1: ${what}`]);
  assertEquals(violations("lib/a.ts", "try {} catch (e) { tell(e); }"), []);
});

Deno.test("no text means something on one machine only", () => {
  const path = ["", "home", "somebody"].join("/");
  assertEquals(violations("docs/a.md", `\nSee ${path}/x.`), [
    "docs/a.md:2: names a path of one machine",
  ]);
});
