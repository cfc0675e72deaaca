/** What the text of an ES module imports before it runs. */
import { assertEquals } from "@std/assert";
import { allImports, firstImports } from "../../clients/ecmascript/standby/imports.mjs";

const FIRST: Readonly<Record<string, readonly string[]>> = {
  'import "a"; import b from \'b\'\nimport * as c from "c";import{d}from"d"': ["a", "b", "c", "d"],
  'import e, { f as g, default as h } from "e";\nimport $, * as _ from "$"': ["e", "$"],
  '#!/usr/bin/env node\n// import "no"\n/* import "no" */ import a /* from "no" */ from "a"': ["a"],
  'import a // from "no"\n  from "a"': ["a"],
  'export * from "a"; export * as b from "b"; export { c } from "c"; import "d"': [
    "a",
    "b",
    "c",
    "d",
  ],
  'import "a"; work(); import "b"': ["a"],
  'import "a"; import.meta.url; import "b"': ["a"],
  'import "a"; import("b"); import "c"': ["a"],
  'import "a"; import b from "b" with { type: "json" }; import "c"': ["a"],
  'import type A from "a"; import "b"': [],
  'import defer * as a from "a"': [],
  'export class A { from\n"a"() {} }': [],
  'export const a = 1, from = "a"; import "b"': [],
  'export { a }; import "a"': [],
  '"use strict"; import "a"': [],
};

Deno.test("what a module imports first is known up to the first statement that may do more", () => {
  for (const [text, names] of Object.entries(FIRST)) {
    assertEquals([text, firstImports(text)], [text, names]);
  }
});

Deno.test("of all that it may import, what is in comments or called is none", () => {
  const text = `import "a"; // import "b"
const url = "https://x"; import c from "c" with { type: "json" }; await import("d"); /* from "e" */`;
  assertEquals(allImports(text), ["a", "c"]);
});
