import type { Language } from "./parked_program.ts";

const root = new URL("../../../", import.meta.url).pathname;

/** Of third parties, in the project's `node_modules`. */
const PACKAGES: Readonly<Record<string, string>> = {
  "envy/index.js": "module.exports = process.env.ENVY || 'none';",
  "several/index.js": "exports.one = require('./one'); exports.two = require('./two');",
  "several/one.js": "exports.name = 'one'; exports.parent = module.parent.filename;",
  "several/two.js": "exports.one = require('./one');",
  "other/index.js": "exports.several = require('several'); exports.rank = 2;",
  "patched/index.js": "module.exports = require('http').request.name;",
  "asks/index.js":
    "module.exports = { first: require.main === module, from: module.parent.filename };",
  "asks_more/index.js": "module.exports = require.main.filename;",
  "loads/index.js": "module.exports = require('envy');",
  "configured/index.js": "exports.options = { backend: 'plain' };",
  "configured_later/index.js": "exports.backend = require('configured').options.backend;",
  "patches/index.js":
    "const several = require('several'); several.patched = true; Array.prototype.last = function () { return this[this.length - 1]; };",
  "polyfills/index.js": "globalThis.polyfilled = 1; Promise.sooner = () => 1;",
  "at_exit/index.js": "process.on('exit', () => {}); process.once('beforeExit', () => {});",
  "timer/index.js": "module.exports = setInterval(() => {}, 1000).unref();",
  "prints/index.js": "console.log('hello');",
  "writes/index.js":
    "require('fs').writeFileSync(process.env.SEEN + '-written', 'x'); exports.x = 1;",
  "reads/index.js":
    "module.exports = require('fs').readFileSync(process.cwd() + '/data.txt', 'utf8');",
  "lists/index.js": "module.exports = require('fs').readdirSync('.').filter((f) => /js$/.test(f));",
  "probes/index.js": "module.exports = require('fs').existsSync(process.cwd() + '/.toolrc');",
  "outside/index.js":
    "module.exports = require('fs').readFileSync(process.env.SEEN + '-config', 'utf8');",
  "back/index.js": "module.exports = require('../../own.js');",
  "fails/index.js": "throw new Error('cannot be loaded');",
  "forks/index.js": "module.exports = require('child_process').execSync('true');",
  "later/index.js": "exports.ready = new Promise((done) => setImmediate(done));",
  "lazy/index.js": "Object.defineProperty(exports, 'inner', { get: () => require('./inner') });",
  "lazy/inner.js": "exports.name = 'inner';",
  "hooks/index.js": "require('module')._extensions['.txt'] = (m) => { m.exports = 'text'; };",
  "data/index.json": '{ "a": 1 }',
  "data/package.json": '{ "main": "index.json" }',
  "touches/index.js":
    "exports.isTTY = Boolean(process.stdout.isTTY); exports.fetch = typeof fetch;",
  "esm/index.mjs": "export const name = 'esm';",
  "sets/index.js": "process.env.SET_BY_IMPORT = '1';",
  "counts/index.js":
    "const seen = new Map(); exports.seen = seen; exports.add = (k) => seen.set(k, 1);",
  "ticks/index.js": "process.nextTick(() => globalThis.order?.push('tick'));",
  "awaits/index.js": "(async () => { await null; globalThis.order?.push('awaited'); })();",
  "promises/index.js":
    "exports.ready = new Promise((done) => exports.done = done); exports.is = Promise.resolve(1);",
  "agent/index.js": "exports.sockets = require('http').globalAgent.maxSockets;",
  "limits/index.js": "module.exports = require('events').defaultMaxListeners;",
  "inspects/index.js": "module.exports = require('util').inspect({ a: { b: { c: { d: 1 } } } });",
  "overrides/index.js":
    "'use strict'; function F() {} F.prototype.toString = () => 'own'; module.exports = `${new F()}`;",
  "captures/index.js": "const { write } = process.stdout; exports.name = write.name;",
  "subscribes/index.js": "require('diagnostics_channel').subscribe('own', () => {});",
  "keeps/index.js": "exports.env = process.env;",
  "calls/index.js":
    "if (process.listenerCount('warning') === 0) process.on('exit', () => {}); exports.x = 1;",
  "orders/index.js": "require('dns').setDefaultResultOrder('ipv4first');",
  "process/index.js":
    "exports.seen = [process.umask(), process.title, process.exitCode, require('os').getPriority(), process.hasUncaughtExceptionCaptureCallback()];",
  "loaded/index.js":
    "exports.names = Object.keys(require.cache).map((path) => path.replace(/.*\\//, ''));",
  "finds/index.js": "exports.found = require('fs').existsSync(process.env.SEEN + '-made');",
  "registers/index.js": "require('counts').add('registered');",
};

const SEES = `
const { readdirSync, readlinkSync } = require("fs");
const leadsTo = (n) => {
  try { return readlinkSync("/proc/self/fd/" + n).replace(/[0-9]+/g, ""); } catch { return "list"; }
};
const state = () => {
  const Module = require("module");
  const own = (m) => m && (m.filename ?? m.id);
  return {
    argv: process.argv.slice(1),
    options: process.execArgv,
    env: Object.entries(process.env).filter(([k]) => !/^BATON_|^SEEN$/.test(k)),
    standby: Object.keys(process.env).filter((k) => k === "BATON_STANDBY"),
    cwd: process.cwd(),
    cache: Object.values(require.cache).map((m) => [m.filename, m.id, m.loaded, own(m.parent), m.children.map(own), m.paths.length]),
    keys: Object.values(require.cache).map((m) => m.exports && typeof m.exports === "object" && Object.keys(m.exports)),
    main: require.main === module,
    events: process.eventNames().map((e) => [String(e), process.listenerCount(e)]),
    descriptors: readdirSync("/proc/self/fd").map(leadsTo).filter((link) => !/null|list/.test(link)).sort(),
    threads: readdirSync("/proc/self/task").length,
    title: process.title,
    umask: process.umask(),
    globals: Object.getOwnPropertyNames(globalThis),
    lists: Object.getOwnPropertyNames(Array.prototype),
    stack: [Error.stackTraceLimit, typeof Error.prepareStackTrace, new Error().stack.split("\\n").length],
    paths: Module.globalPaths,
    extensions: Object.keys(Module._extensions),
    found: Object.keys(Module._pathCache).sort(),
    process: Object.keys(process),
  };
};
require("fs").writeFileSync(process.env.SEEN, JSON.stringify({ out: typeof out === "undefined" ? null : out, ...state() }));
`;

/** Statements come before it writes what it sees, with `out`. */
export function nodeLanguage(node: string): Language {
  return {
    main: "app.js",
    program: (statements) => `${statements};\n${SEES}`,
    command: [node, "app.js", "a", "b c"],
    env: { NODE_OPTIONS: `--require=${root}clients/node/standby/hook.cjs --no-deprecation` },
    files: Object.fromEntries(
      Object.entries(PACKAGES).map(([path, text]) => [`node_modules/${path}`, text]),
    ),
    others: ["node_modules"],
  };
}
