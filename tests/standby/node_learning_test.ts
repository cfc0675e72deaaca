import { assert, assertEquals } from "@std/assert";
import { INJECTED_SOURCES } from "../../lib/client/injected_sources.ts";
import { type Learned, readLearned } from "../../lib/standby/learned.ts";
import { platform } from "../../lib/platform/select.ts";
import { Project } from "../e2e/baton.ts";
import { nodeLanguage } from "./support/node.ts";

const NODE = Deno.env.get("NODE") ?? "node";
const { env: { NODE_OPTIONS }, files } = nodeLanguage(NODE);
const NOTHING = "nothing is noted";

/** Runs a program as a cold start that notes what it loads; returns that, and what it has printed. */
function learned(text: string, name = "app.js"): { found: Learned | string; printed: string } {
  using project = new Project({ [name]: text, "own.js": "exports.own = 1;", ...files });
  using notes = new Project({});
  const { success, stdout, stderr } = new Deno.Command(NODE, {
    args: [name],
    cwd: project.dir,
    env: { NODE_OPTIONS: NODE_OPTIONS!, BATON_STANDBY: `learn:${notes.dir}` },
  }).outputSync();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  const found = readLearned(platform(), notes.dir, NOTHING);
  if (typeof found !== "string") assertEquals(found.identity.cwd, project.dir);
  return { found, printed: decoder.decode(stdout) };
}

Deno.test("a Node program that loads nothing but its own notes nothing", () => {
  assertEquals(learned("require('fs'); require('./own');").found, NOTHING);
  const text = 'import "node:fs"; import "./own.js";';
  assertEquals(learned(text, "app.mjs").found, NOTHING);
});

Deno.test("who a Node program is is that of its start, whatever it does before it loads a package", () => {
  const { found } = learned(
    "console.log('a line that is longer than what Node writes'); process.title = 'other';" +
      "process.chdir('/'); require('fs').openSync(__filename); process.env.NODE_DEBUG = 'x'; require('./own'); require('envy');",
  ) as { found: Learned };
  const { command, hasWritten, streams, oddities } = found.identity;
  assertEquals([command.slice(1), hasWritten, oddities], [["app.js"], false, []]);
  assertEquals(streams.length, 3);
  assertEquals(found.imports.map((path) => path.replace(/.*\//, "")), [
    "app.js",
    "own.js",
    "index.js",
  ]);
});

Deno.test("nothing of a Node program is called while it is noted", () => {
  const calls = "const calls = [];" +
    "const Module = require('module'); const fs = require('fs');" +
    "for (const [of, name] of [[Module, '_load'], [Module.prototype, 'require'], [fs, 'readdirSync'], [fs, 'openSync']]) {" +
    "const real = of[name]; of[name] = function (...all) { calls.push(name); return real.apply(this, all); }; }" +
    "require('envy'); console.log(calls.join());";
  assertEquals(learned(calls).printed, "require,_load\n");
});

Deno.test("a cold start of Node loads two files of the hook, and no more", () => {
  const sources = INJECTED_SOURCES.node!;
  const required = ["standby/hook.cjs", "standby/learn.cjs"].map((file) =>
    [...sources[file]!.matchAll(/require\("\.\/(.*?)"\)/g)].map(([, name]) => name).sort()
  );
  assertEquals(required, [["hold_output.cjs", "learn.cjs", "park.cjs", "view.cjs"], []]);
});
