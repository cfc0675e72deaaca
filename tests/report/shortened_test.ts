import { assertEquals } from "@std/assert";
import type { Item } from "../../lib/report/item.ts";
import { shortened } from "../../lib/report/shortened.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";

const FAILED = LOG_EXAMPLES["candidate failed"];

function short(item: Item, lines: readonly string[]) {
  const message = { weight: "error", what: "It failed", lines } as const;
  const { lines: shown, where } = shortened(item, message, "/p", (path) => path.startsWith("/p/"));
  return { shown, where };
}

Deno.test("of a long traceback the end is shown, where it is in the project, and where the rest is", () => {
  const calls = ["a", "b", "c"].flatMap((name, line) => [
    `  File "/p/${name}.py", line ${line + 1}, in ${name}`,
    `    ${name}()`,
  ]);
  assertEquals(short(FAILED, ["Traceback (most recent call last):", ...calls, "ValueError: no"]), {
    shown: [
      "    b()",
      '  File "/p/c.py", line 3, in c',
      "    c()",
      "ValueError: no",
      '(4 lines more: "baton logs")',
    ],
    where: "c.py:3",
  });
});

Deno.test("calls that follow the message of an error are left out before the message is", () => {
  const node = [
    "/p/app.js:2",
    "const a = ;",
    "          ^",
    "",
    "SyntaxError: Unexpected token ';'",
    "    at wrapSafe (node:internal/modules/cjs/loader:1378:20)",
    "    at Module._compile (node:internal/modules/cjs/loader:1428:41)",
    "",
    "Node.js v20.20.2",
  ];
  assertEquals(short(FAILED, node), {
    shown: [
      "/p/app.js:2",
      "const a = ;",
      "SyntaxError: Unexpected token ';'",
      '(6 lines more: "baton logs")',
    ],
    where: "app.js:2",
  });
});

Deno.test("what is short stays whole, and so does what is no failure", () => {
  const lines = ["SyntaxError: no", "    at x"];
  assertEquals(short(FAILED, lines), { shown: lines, where: undefined });
  const many = Array.from({ length: 9 }, (_, at) => `state ${at}`);
  assertEquals(short(LOG_EXAMPLES["states"], many), { shown: many, where: undefined });
});
