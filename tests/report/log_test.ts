import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { logLine } from "../../lib/report/log.ts";
import { LOG_LINES } from "../../lib/report/log_schema.ts";
import { openReporter } from "../../lib/report/report.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const NOW = Date.UTC(2026, 0, 1);

Deno.test("a line of every kind fits its schema, which names all of its fields", () => {
  for (const item of Object.values(LOG_EXAMPLES)) {
    const line = JSON.parse(logLine(item, NOW));
    const schema = LOG_LINES[item.type.replace(" ", "-")];
    assertEquals<unknown>(schema!.parse(line), line, item.type);
  }
});

Deno.test("a line that lacks a field does not fit", () => {
  const { generation: _, ...line } = JSON.parse(logLine(LOG_EXAMPLES.late, NOW));
  assertThrows(() => LOG_LINES.late!.parse(line));
});

Deno.test("a line of baton's is known by its first key", () => {
  for (const item of Object.values(LOG_EXAMPLES)) {
    assertMatch(
      logLine(item, NOW),
      /^\{"baton":"[^"]+","time":"2026-01-01T00:00:00.000Z","type":"/,
    );
  }
});

Deno.test("a kind of two words has a dash", () => {
  assertEquals(
    JSON.parse(logLine(LOG_EXAMPLES["candidate outdated"], NOW)).type,
    "candidate-outdated",
  );
});

Deno.test("the log leaves nothing out, is not coloured, and is one line an item", () => {
  const platform = new FakePlatform();
  platform.terminal.stderrIsTerminal = true;
  const reporter = openReporter(platform, {
    log: "json",
    verbosity: "quiet",
    clear: true,
    cwd: "/project",
    interactive: false,
  });
  const items = Object.values(LOG_EXAMPLES);
  for (const item of items) reporter.log(item);
  const lines = platform.terminal.err.trimEnd().split("\n");
  assertEquals(
    lines.map((line) => JSON.parse(line).type.replace("-", " ")),
    items.map((i) => i.type),
  );
  assertEquals(platform.terminal.out, "");
});
