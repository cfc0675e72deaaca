import type { Language } from "./parked_program.ts";

const hook = new URL("../../../clients/ecmascript/standby/hook.mjs", import.meta.url).pathname;

/** Of third parties, in the project's `node_modules`. */
export const ES_PACKAGES: Readonly<Record<string, string>> = {
  "looks/package.json": '{ "type": "module", "main": "index.js" }',
  "looks/index.js": `import { part } from "./part.js";
(globalThis.order ??= []).push("looks");
const { env } = globalThis.process ?? await import("node:process");
export const looks = [env.COLOR, globalThis.patched, [].last?.(), part, typeof globalThis.fetch, import.meta.url];`,
  "looks/part.js": "(globalThis.order ??= []).push('part'); export const part = 'old';",
  "prints/package.json": '{ "type": "module", "main": "index.js" }',
  "prints/index.js":
    "(globalThis.order ??= []).push('prints'); console.error('printed'); await null; export const prints = 1;",
  "fails/package.json": '{ "type": "module", "main": "index.js" }',
  "fails/index.js": "export const fails = 1; throw new Error('cannot be run');",
  "types/package.json": '{ "type": "module", "main": "index.js" }',
  "types/index.js": 'import "./types.js"; import { read } from "reads"; export const typed = read;',
  "types/types.js": "/* Of types */\nexport {};\n//# sourceMappingURL=types.js.map",
  "reads/package.json": '{ "type": "module", "main": "index.js" }',
  "reads/index.js": `import { readFileSync } from "node:fs";
import process from "node:process";
export const read = readFileSync(process.env.SEEN + "-config", "utf8");`,
  "waits/package.json": '{ "type": "module", "main": "index.js" }',
  "waits/index.js": "export const waits = [typeof setTimeout(() => {}, 5)];",
  "opens/package.json": '{ "type": "module", "main": "index.js" }',
  "opens/index.js": `import { openSync } from "node:fs";
export const opens = [typeof openSync("/etc/passwd")];`,
  "works/package.json": '{ "type": "module", "main": "index.js" }',
  "works/index.js":
    `const worker = new Worker("data:text/javascript,postMessage(1)", { type: "module" });
export const works = [typeof worker];`,
  "common/package.json": '{ "main": "index.js" }',
  "common/index.js": "globalThis.ran = (globalThis.ran ?? 0) + 1; exports.common = globalThis.ran;",
  "mixed/package.json": '{ "type": "module", "main": "index.js" }',
  "mixed/index.js": "import { common } from 'common'; export const mixed = [common];",
};

/** Everything of the process that can be seen of itself, and of what it starts. */
const SEES = `
const stack = [Error.stackTraceLimit, typeof Error.prepareStackTrace, new Error().stack.split("\\n").length];
const fs = await import("node:fs");
const { spawnSync } = await import("node:child_process");
const leadsTo = (n) => {
  try { return fs.readlinkSync("/proc/self/fd/" + n).replace(/[0-9]+/g, ""); } catch { return "list"; }
};
const { default: process } = await import("node:process");
const status = fs.readFileSync("/proc/self/status", "utf8").match(/^(Umask|Sig(Ign|Blk|Cgt)):.*$/gm);
const descriptors = fs.readdirSync("/proc/self/fd").map(leadsTo).filter((link) => !/list/.test(link)).sort();
const child = spawnSync(process.execPath, ["--version"], { encoding: "utf8" }).stdout;
const told = spawnSync("env", { encoding: "utf8" }).stdout;
const bun = globalThis.Bun;
const native = bun?.spawnSync(["env"]).stdout.toString() ?? "";
const { createRequire } = await import("node:module");
const { cache } = createRequire(import.meta.url);
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const fromWorker = await new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
worker.terminate();
fs.writeFileSync(process.env.SEEN, JSON.stringify({
  out: typeof out === "undefined" ? null : out,
  argv: process.argv.slice(1),
  args: globalThis.Deno?.args ?? bun.argv.slice(1),
  options: process.execArgv,
  env: Object.entries(process.env).filter(([k]) => !/^BATON_|^SEEN$/.test(k)).sort(), // Deno's order is another each time.
  standby: [process.env.BATON_STANDBY, told + native].map((text) => /STANDBY|preload/.test(text)),
  told: (told + native).split("\\n").filter((line) => !/^(BATON_|_=|SEEN)/.test(line)).sort(),
  order: globalThis.order, child, status,
  cache: Object.keys(cache).sort(), // Bun's order is another each time.
  main: [import.meta.main, import.meta.url, globalThis.Deno?.mainModule ?? bun.main],
  events: process.eventNames().map((e) => [String(e), process.listenerCount(e)]),
  descriptors,
  comm: fs.readFileSync("/proc/self/comm", "utf8"),
  score: fs.readFileSync("/proc/self/oom_score_adj", "utf8"),
  globals: Object.getOwnPropertyNames(globalThis),
  lists: Object.getOwnPropertyNames(Array.prototype),
  stack,
  process: Object.keys(process).sort(), // Bun before 1.4 has them as they are asked for first.
  fromWorker,
}));
process.exit(0);
`;

/** Statements come before it writes what it sees, with `out`. */
export function ecmascript(command: readonly string[]): Language {
  return {
    main: "app.js",
    program: (statements) => `${statements};\n${SEES}`,
    command: [...command, "app.js", "a", "b c"],
    env: { NO_COLOR: "1" },
    files: {
      "package.json": '{ "type": "module" }',
      "worker.js": "postMessage([Object.keys(globalThis).length, globalThis.order]);",
      ...Object.fromEntries(
        Object.entries(ES_PACKAGES).map(([path, text]) => [`node_modules/${path}`, text]),
      ),
    },
    others: ["node_modules"],
    preload: hook,
  };
}
