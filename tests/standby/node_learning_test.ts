import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { INJECTED_SOURCES } from "../../lib/client/injected_sources.ts";
import { type Learned, readLearned } from "../../lib/standby/learned.ts";
import { platform } from "../support/platform.ts";
import { verify } from "../../lib/standby/verify.ts";
import { Project } from "../e2e/baton.ts";
import { nodeLanguage } from "./support/node.ts";

const NODE = Deno.env.get("NODE") ?? "node";
const { env: { NODE_OPTIONS }, files } = nodeLanguage(NODE);
const NOTHING = "nothing is noted";

/** Runs a program as a cold start that notes what it loads; returns that, and what it has printed. */
function learned(
  text: string,
  name = "app.js",
  options: readonly string[] = [],
): { found: Learned | string; printed: string } {
  using project = new Project({ [name]: text, "own.js": "exports.own = 1;", ...files });
  using notes = new Project({});
  const { success, stdout, stderr } = new Deno.Command(NODE, {
    args: [...options, name],
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
  assertEquals(learned(text, "app.mjs", ["--import=data:text/javascript,"]).found, NOTHING);
});

Deno.test("a Node program of ES modules notes which file is the first: nobody is told what that imports", () => {
  const { found } = learned('import "node:fs";', "app.mjs", ["-C", "dev", "--no-warnings"]);
  const { imports, searched, identity } = found as Learned;
  assertEquals(imports, [`${identity.cwd}/app.mjs`]);
  assertEquals(searched.includes(`${identity.cwd}/node_modules`), true);
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

Deno.test("nothing waits where the order in which random numbers are drawn decides what they are", () => {
  const option = "--random-seed=42";
  const { found } = learned("require('envy')", "app.js", [option]) as { found: Learned };
  assertEquals(found.identity.oddities, [`it is started with ${option}`]);
});

Deno.test("what starts over in another process is looked at there, and ended", async () => {
  const text = "require('envy'); setInterval(() => {}, 1000);";
  using project = new Project({ "app.js": text, ...files });
  using folder = new Project({});
  const { PATH = "", HOME = "/" } = Deno.env.toObject();
  const pids = new Set<number>();
  const { differences, over } = await verify(platform(), {
    launch: {
      command: [NODE, "app.js"],
      cwd: project.dir,
      env: { PATH, HOME, NODE_OPTIONS: NODE_OPTIONS! },
      stdin: "null",
    },
    folder: folder.dir,
    own: false,
    watched: { roots: [project.dir], covers: (path) => !path.includes("node_modules") },
    changed: ["app.js"],
    save: () => project.swap("app.js", `process.env.ENVY = "new"; ${text}`),
    look() {
      for (const pid of pidsIn(project.dir)) pids.add(pid);
      return Promise.resolve();
    },
  });
  assertEquals(differences, []);
  assertStringIncludes(over ?? "", "the environment");
  assertEquals([pids.size, pidsIn(project.dir)], [3, []]);
});

/** Of what runs there. */
function pidsIn(folder: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    try {
      return pid > 0 && Deno.readLinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // It is over, or another user's.
    }
  });
}

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
