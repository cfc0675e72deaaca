import { assertEquals } from "@std/assert";
import { layerViolations } from "../../tools/check_layers.ts";

function violations(path: string, ...lines: string[]): string[] {
  return layerViolations([{ path, text: lines.join("\n") }]);
}

Deno.test("imports from the left and from the own room are fine", () => {
  assertEquals(
    violations(
      "lib/watch/settle.ts",
      'import { a } from "./change.ts";',
      'import type { B } from "../errors.ts";',
      'import { c } from "../platform/platform.ts";',
      'import * as z from "zod";',
      'const d = await import("../configure/schema.ts");',
    ),
    [],
  );
  assertEquals(violations("cli.ts", 'import { a } from "./lib/run.ts";'), []);
});

Deno.test("imports from the right, and from outside lib, are not", () => {
  const not = "which is not to its left";
  assertEquals(
    violations(
      "lib/watch/settle.ts",
      'import { a } from "../state/store.ts";',
      "import {",
      "  b,",
      '} from "../run.ts";',
      'import "../../tests/x.ts";',
      'await import("../../cli.ts");',
    ),
    [
      `lib/watch/settle.ts:1: imports "lib/state/store.ts", ${not}`,
      `lib/watch/settle.ts:4: imports "lib/run.ts", ${not}`,
      `lib/watch/settle.ts:5: imports "tests/x.ts", ${not}`,
      `lib/watch/settle.ts:6: imports "cli.ts", ${not}`,
    ],
  );
  assertEquals(violations("lib/settings.ts", 'export * from "./platform/platform.ts";').length, 1);
  assertEquals(violations("mod.ts", 'export * from "./cli.ts";').length, 1);
  assertEquals(violations("lib/other/a.ts", ""), ['lib/other/a.ts: "other" is not a room']);
});

Deno.test("the outside world is named in lib/platform, and by the client's host, alone", () => {
  const text = ["// Deno.watchFs", 'import fs from "node:fs";', "Deno.exit();", "/** Bun */"];
  assertEquals(violations("lib/platform/deno/platform.ts", ...text), []);
  assertEquals(violations("lib/client/deno_host.ts", ...text), []);
  assertEquals(violations("lib/act/child.ts", ...text), [
    "lib/act/child.ts:2: names node:fs outside lib/platform/",
    "lib/act/child.ts:3: names Deno outside lib/platform/",
  ]);
  assertEquals(violations("lib/act/child.ts", '"deno.json"', "/* a\n */ const a = 1;"), []);
});

Deno.test("a mod.ts only re-exports", () => {
  const fine = [
    "/** Words. */",
    'export * from "./a.ts";',
    "export type {",
    '  B } from "./b.ts";',
  ];
  assertEquals(violations("lib/client/mod.ts", ...fine), []);
  assertEquals(violations("lib/client/mod.ts", ...fine, "export const c = 1;"), [
    "lib/client/mod.ts: does more than re-export",
  ]);
});
