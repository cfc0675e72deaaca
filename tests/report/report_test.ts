import { assertEquals, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { BatonError } from "../../lib/errors.ts";
import { renderError } from "../../lib/report/report.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { said } from "./said.ts";

const { hello, started, ready, ended, checkpoint } = LOG_EXAMPLES;
const items = [hello, ended, checkpoint];

function terminal(env: Record<string, string> = {}): FakePlatform {
  const platform = new FakePlatform("/project", [], env);
  platform.terminal.stderrIsTerminal = true;
  return platform;
}

function firstWords(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("baton:")).map((line) =>
    line.split(" ")[1]!
  );
}

Deno.test("quiet leaves trouble, verbose adds details", () => {
  assertEquals(firstWords(said(items, { verbosity: "quiet" })), ["Generation"]);
  assertEquals(firstWords(said(items, { verbosity: "normal" })), ["Runs", "Generation"]);
  assertEquals(firstWords(said(items)), ["Runs", "Version", "Generation", "Keeps"]);
});

Deno.test("a restart is one line", () => {
  assertEquals(said([started, ready], { verbosity: "normal" }).split("\n").length, 2);
});

Deno.test("standard output is the program's", () => {
  const platform = new FakePlatform();
  said(Object.values(LOG_EXAMPLES), {}, platform);
  assertEquals(platform.terminal.out, "");
});

Deno.test("colours are for a terminal whose user wants them", () => {
  const colored = said(items, {}, terminal());
  assertStringIncludes(colored, "\x1b[31mGeneration");
  assertEquals(said(items, {}, terminal({ NO_COLOR: "1" })), stripAnsiCode(colored));
  assertEquals(said(items).includes("\x1b"), false);
});

Deno.test("the terminal is cleared before each generation, and only a terminal", () => {
  const CLEAR = "\x1b[2J\x1b[H";
  const platform = terminal({ NO_COLOR: "1" });
  const run = [hello, { ...started, mode: "first" } as const, started, ready];
  const text = said(run, { clear: true, verbosity: "quiet" }, platform);
  assertEquals(text, CLEAR + CLEAR);
  assertEquals(said(run, { clear: true, verbosity: "quiet" }), "");
});

Deno.test("what a program says cannot control the terminal", () => {
  const text = said([{
    type: "warning",
    what: "O\x07n\x08e\x1b]0;title\x07 \x1b[2Jtwo\r\nthree\tfour\x9b31m",
    where: "a\nb",
  }]);
  assertEquals(
    text,
    ["baton: One two", "       three\tfour", "       Where: a b", ""].join("\n"),
  );
});

Deno.test("an expected error says what, where and the next step", () => {
  const error = new BatonError({
    what: 'Unknown key "wach"',
    where: "baton.json:2:3",
    next: "Write it",
  });
  assertEquals(
    renderError(new FakePlatform(), error),
    'baton: Unknown key "wach"\n       Where: baton.json:2:3\n       Next: Write it\n',
  );
});

Deno.test("an unexpected error has its stack, and a plea to report it", () => {
  const text = renderError(new FakePlatform(), new TypeError("x is not a function"));
  const lines = text.trimEnd().split("\n");
  assertStringIncludes(lines[0]!, "failed: x is not a function");
  assertStringIncludes(text, "report_test.ts");
  assertStringIncludes(lines.at(-1) ?? "", "please report it");
  assertStringIncludes(renderError(new FakePlatform(), "a string"), "failed: a string");
});
