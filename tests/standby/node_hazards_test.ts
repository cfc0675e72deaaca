/** Whatever an edit does, what Node runs from standby is what a cold start would have run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { differences } from "../../lib/standby/differences.ts";
import { nodeLanguage } from "./support/node.ts";
import { type Edit, ParkedProgram } from "./support/parked_program.ts";

const NODE = Deno.env.get("NODE") ?? "node";
const [PATH, HOOKS] = new TextDecoder().decode(
  new Deno.Command(NODE, {
    args: ["-p", "process.execPath + '\\n' + typeof require('module').registerHooks"],
  }).outputSync().stdout,
).trim().split("\n");
const HAS_HOOKS = HOOKS === "function";

interface Hazard extends Edit {
  /** Why it starts over; absent where it must not. */
  readonly over?: string;
  /** What is not loaded ahead, and why. */
  readonly cut?: string;
}

/** The program does something in its turn before a package is loaded that does so, too. */
const inTurn = (name: string) => ({
  before: `require('envy'); globalThis.order = []; require('${name}')`,
  after: `require('envy'); globalThis.order = []; process.nextTick(() => order.push('own'));
    Promise.resolve().then(() => order.push('own')); require('${name}');
    process.on('exit', () => require('fs').writeFileSync(process.env.SEEN, JSON.stringify(order)))`,
  cut: name,
});

/** What a program sets of its process before a package asks for it. */
const SET: Readonly<Record<string, string>> = {
  "how files are made": "process.umask(0o77)",
  "the title": "process.title = 'own'",
  "the exit code": "process.exitCode = 0",
  "the priority": "require('os').setPriority(1)",
  "who catches what nobody catches": "process.setUncaughtExceptionCaptureCallback(() => {})",
};

const HAZARDS: Record<string, Hazard> = {
  "a package that looks at what is loaded": {
    before: "require('./own.js'); var out = require('loaded').names",
    files: { "own.js": "" },
    cut: "looks at what is loaded",
  },
  "a package that looks for a file that the program makes elsewhere": {
    before: "require('envy'); var out = require('finds').found",
    after:
      "require('envy'); require('fs').writeFileSync(process.env.SEEN + '-made', ''); var out = require('finds').found",
    over: "-made",
  },
  "a package that reads a file that the program writes elsewhere": {
    before: "require('envy'); var out = require('outside')",
    after:
      "require('envy'); require('fs').writeFileSync(process.env.SEEN + '-config', 'by the program'); var out = require('outside')",
    over: "seen-config",
  },
  "an edit of the program's own code": {
    before: "var out = require('several').one.parent",
    after: "var out = [require('several').one.parent, 2]",
  },
  "several imports, of what was there before as well": {
    before: "require('several'); require('promises'); var out = require('other'); require('data')",
    after: "require('several'); require('promises'); var out = [require('other'), require('data')]",
  },
  "an import is done twice, and from another file": {
    before: "require('./own.js'); require('several'); require('envy')",
    after: "require('./own.js'); var out = [require('several'), require('envy')]",
    files: { "own.js": "exports.several = require('several');" },
    saved: { "own.js": "exports.several = [require('several'), 2];" },
  },
  "the environment is set before an import": {
    before: "var out = require('envy')",
    after: "process.env.ENVY = 'new'; var out = require('envy')",
    over: "the environment",
  },
  "the environment is set before an import, as it always was": {
    before: "process.env.ENVY = 'old'; var out = require('envy')",
    after: "process.env.ENVY = 'old'; var out = [require('envy'), Object.keys(process.env)]",
  },
  "a variable is away for an import, and comes back": {
    before:
      "const { HOME } = process.env; delete process.env.HOME; require('envy'); process.env.HOME = HOME; require('several')",
    after:
      "const { HOME } = process.env; delete process.env.HOME; require('envy'); process.env.HOME = HOME; require('several'); var out = 1",
  },
  "a builtin is patched before an import": {
    before: "var out = require('patched')",
    after:
      "const http = require('http'); http.request = function other() {}; var out = require('patched')",
    over: "http.request",
  },
  "Module._load is patched before an import": {
    before: "var out = require('several')",
    after:
      "const M = require('module'), real = M._load, out = []; M._load = function (name) { out.push(name); return real.apply(this, arguments); }; require('several')",
    over: "Module._load",
  },
  "Module._resolveFilename is patched before an import": {
    before: "require('several'); var out = require('envy')",
    after:
      "require('several'); const M = require('module'), real = M._resolveFilename; M._resolveFilename = function (name) { return real.apply(this, [name === 'envy' ? 'several/one' : name]); }; var out = require('envy')",
  },
  "a loader of another kind of file comes before an import": {
    before: "require('several')",
    after: "require.extensions['.txt'] = () => {}; require('several')",
    over: "_extensions",
  },
  "a prototype is patched before an import": {
    before: "require('several')",
    after: "Promise.prototype.also = 1; require('several')",
    over: "Promise",
  },
  "a global is patched before an import": {
    before: "require('several')",
    after: "globalThis.fetch = function mine() {}; var out = require('several')",
    over: "fetch",
  },
  "a global is looked at before an import": {
    before: "require('several')",
    after: "var out = typeof fetch + typeof crypto.subtle; require('several')",
  },
  "a global is looked at within an import": {
    before: "require('touches')",
    after: "var out = require('touches')",
  },
  "the arguments change before an import": {
    before: "require('several')",
    after: "process.argv.push('--more'); require('several')",
    over: "the arguments",
  },
  "the program goes to another folder": {
    before: "require('several')",
    after: "process.chdir('/'); process.umask(0o77); require('several')",
    over: "another folder",
  },
  "the program goes to another folder, as it always did": {
    before: "require('envy'); process.chdir('node_modules'); require('several')",
    cut: "another folder",
  },
  "NODE_PATH is set, and looked at anew": {
    before: "require('several')",
    after: "process.env.NODE_PATH = '/nowhere'; require('module')._initPaths(); require('several')",
    over: "the environment",
  },
  "a nearer folder of packages": {
    before: "var out = require('./inner/own.js')",
    files: { "inner/own.js": "module.exports = require('envy')" },
    saved: { "inner/node_modules/envy/index.js": "module.exports = 'nearer'" },
  },
  "a file comes before a package": {
    before: "var out = require('envy')",
    saved: { "node_modules/envy.js": "module.exports = 'file'" },
    over: "node_modules was changed",
  },
  "a package has changed": {
    before: "var out = require('envy')",
    saved: { "node_modules/envy/index.js": "module.exports = 'newer'" },
    over: "envy/index.js was changed",
  },
  "a package gets another first file": {
    before: "var out = require('envy')",
    saved: {
      "node_modules/envy/package.json": '{ "main": "two.js" }',
      "node_modules/envy/two.js": "module.exports = 'two'",
    },
    over: "was changed",
  },
  "imports come in another order": {
    before: "require('envy'); require('several')",
    after: "require('several'); require('envy')",
    over: "imports of",
  },
  "imports come in another order, by a condition": {
    before: "const first = true; if (first) require('envy'); require('several'); require('envy')",
    after: "const first = false; if (first) require('envy'); require('several'); require('envy')",
    over: "before",
  },
  "an import is removed": {
    before: "require('several'); require('patches')",
    after: "var out = [require('several'), [].last]",
    over: "imports of",
  },
  "an import that changes another is not done any more, by a condition": {
    before:
      "const more = true; require('several'); if (more) require('patches'); var out = [].last",
    after:
      "const more = false; var out = [require('several'), [].last]; if (more) require('patches')",
  },
  "an import that changes others": {
    before: "require('several'); require('patches')",
    after:
      "const before = Object.keys(require('several')); require('patches'); var out = [before, [1, 2].last(), require('several')]",
  },
  "an import adds what is there for all": {
    before: "require('polyfills'); require('envy')",
    after:
      "const before = globalThis.polyfilled; require('polyfills'); var out = [before, polyfilled, require('envy')]",
  },
  "an import has changed what another one changes": {
    before: "require('several'); require('patches')",
    after: "require('several').patched = 'before'; require('patches')",
    over: "several/index.js",
  },
  "an import registers in another one": {
    before: "require('counts'); require('registers')",
    after:
      "const before = [...require('counts').seen]; require('registers'); var out = [before, [...require('counts').seen]]",
  },
  "a package is configured before another is imported": {
    before: "require('configured'); require('configured_later')",
    after: "require('configured').options.backend = 'fancy'; var out = require('configured_later')",
    over: "backend",
  },
  "another module is put in place": {
    before: "require('envy'); require('several')",
    after:
      "require('envy'); require.cache[require.resolve('several')] = { exports: 'fake', loaded: true, children: [] }; var out = require('several')",
  },
  "it is looked whether a module is there": {
    before:
      "const name = 'several'; var out = require.resolve(name) in require.cache; require('several')",
    after:
      "const name = 'several'; var out = [require.cache[require.resolve(name)], require.resolve(name) in require.cache]; require('several')",
  },
  "a module is loaded again": {
    before: "require('several'); require('envy')",
    after:
      "const one = require('several'); delete require.cache[require.resolve('several')]; var out = require('several') === one; require('envy')",
    over: "before",
  },
  "an import asks whether it is first, and who imports it": {
    before: "var out = require('asks')",
    after: "var out = [require('asks')]",
  },
  "an import in a function, later": {
    before: "require('envy'); const later = () => require('several'); var out = later()",
    after: "require('envy'); const later = () => require('several'); var out = [later()]",
  },
  "an import that another one does later": {
    before: "const lazy = require('lazy'); var out = lazy.inner; require('envy')",
    after:
      "const lazy = require('lazy'); var out = [Object.keys(require.cache).length, lazy.inner]; require('envy')",
  },
  "an import through another name for require": {
    before: "const load = require('module').createRequire(__filename); load('several')",
    after: "const load = require('module').createRequire(__filename); var out = load('several')",
  },
  "an import fails, and is caught": {
    before:
      "require('envy'); try { require('nowhere') } catch (error) { var out = error.code } require('several')",
    after:
      "require('envy'); try { require('nowhere') } catch (error) { var out = error.code } require('several')",
  },
  "what the process calls at its end": {
    before: "process.on('exit', () => {}); require('at_exit'); require('envy')",
    after:
      "process.on('exit', () => {}); const before = process.listenerCount('exit'); require('at_exit'); var out = [before, require('envy')]",
  },
  "a child, a worker and a fork have none of it": {
    before: "require('envy')",
    after: `require('envy'); const { execFileSync } = require('child_process');
      var out = execFileSync(process.execPath, ['-p', '[process.env.NODE_OPTIONS, process.env.BATON_STANDBY]']).toString()`,
  },
  "how traces look is set before an import": {
    before: "require('several')",
    after: "Error.stackTraceLimit = 3; require('several')",
    over: "Error.stackTraceLimit",
  },
  "an own module between two packages": {
    before: "require('envy'); var out = require('./own.js'); require('several')",
    files: { "own.js": "require('configured'); module.exports = 1" },
    saved: { "own.js": "require('configured'); module.exports = 2" },
  },
  "an own module imports something else": {
    before: "require('envy'); require('./own.js'); require('several')",
    files: { "own.js": "require('configured')" },
    saved: { "own.js": "require('data')" },
    over: "imports",
  },
  "a package that looks at the program's first file": {
    before: "require('envy'); var out = require('asks_more')",
    cut: "asks_more",
  },
  "a package that starts a timer": { before: "require('envy'); require('timer')", cut: "Timeout" },
  "a package that prints": { before: "require('envy'); require('prints')", cut: "prints" },
  "a package that writes": { before: "require('envy'); require('writes')", cut: "writes" },
  "a package that starts a child": { before: "require('envy'); require('forks')", cut: "forks" },
  "a package that reads later": { before: "require('envy'); require('later')", cut: "later" },
  "a package that fails": {
    before: "require('envy'); try { require('fails') } catch (error) { var out = error.message }",
    cut: "cannot be loaded",
  },
  "a package that reads a file of the project": {
    before: "require('envy'); var out = require('reads')",
    files: { "data.txt": "old" },
    saved: { "data.txt": "new" },
    cut: "data.txt",
  },
  "a package that lists a folder of the project": {
    before: "require('envy'); var out = require('lists')",
    saved: { "more.js": "" },
    cut: "lists ",
  },
  "a package that looks for a file of the project": {
    before: "require('envy'); var out = require('probes')",
    saved: { ".toolrc": "" },
    cut: ".toolrc",
  },
  "a package that imports what is the project's": {
    before: "require('envy'); var out = require('back')",
    files: { "own.js": "module.exports = 1" },
    saved: { "own.js": "module.exports = 2" },
    cut: "own.js",
  },
  "a package that reads a file that is not the project's": {
    before: "var out = require('outside')",
    after: "var out = [require('outside')]",
  },
  "a package that reads a file that is not the project's, and changes": {
    before: "var out = require('outside')",
    outside: "new, and longer",
    over: "was changed",
  },
  "a package that sets a variable": {
    before: "require('envy'); require('sets')",
    cut: "the environment",
  },
  "a package that does something in the next tick": inTurn("ticks"),
  "a package that does something after a promise": inTurn("awaits"),
  "the program's requests go by another agent": {
    before: "var out = require('agent')",
    after:
      "const http = require('http'); http.globalAgent = new http.Agent({ maxSockets: 3 }); var out = require('agent')",
    over: "http.globalAgent",
  },
  "what nobody can see without asking Node is another before an import": {
    before: "var out = require('limits')",
    after: "require('events').defaultMaxListeners = 50; var out = require('limits')",
    over: "events.defaultMaxListeners",
  },
  "how Node prints objects is another before an import": {
    before: "var out = require('inspects')",
    after: "require('util').inspect.defaultOptions.depth = 9; var out = require('inspects')",
    over: "util.inspect.defaultOptions",
  },
  "what all inherit from is frozen before an import": {
    before: "var out = require('overrides')",
    after:
      "Object.freeze(Object.prototype); try { var out = require('overrides') } catch (error) { out = error.message }",
    over: "__proto__",
  },
  "the output is patched before an import": {
    before: "var out = require('captures')",
    after: "process.stdout.write = function mine() {}; var out = require('captures')",
    over: "process.stdout.write",
  },
  "the environment is another object before an import": {
    before: "var out = require('keeps').env === process.env",
    after: "process.env = { ...process.env }; var out = require('keeps').env === process.env",
    over: "process.env",
  },
  "the program handles what a package looks for": {
    before: "require('calls')",
    after: "process.on('warning', () => {}); require('calls')",
    over: "what the process is to call",
  },
  "a package that listens to a channel of Node": {
    before: "require('envy'); require('subscribes')",
    after:
      "require('envy'); var out = require('diagnostics_channel').hasSubscribers('own'); require('subscribes')",
    cut: "calls subscribe",
  },
  "a package that sets what nobody can see without asking Node": {
    before: "require('envy'); require('orders')",
    after: "require('envy'); var out = require('dns').getDefaultResultOrder(); require('orders')",
    cut: "the order of addresses",
  },
  "the program is asked of each module that is loaded": {
    before: "require('envy'); require('several')",
    after: `require('envy'); var out = []; require('module').registerHooks?.({
      load(url, context, next) { out.push(url); return next(url, context); } }); require('several')`,
    ...HAS_HOOKS ? { over: "how modules are loaded" } : {},
  },
  "a collector of garbage that the program has asked for": {
    before: "require('envy'); var out = typeof gc + require('vm').runInNewContext('typeof gc')",
    command: [NODE, "--expose-gc", "app.js"],
  },
  "the program's first line names another interpreter": {
    before: "require('envy'); var out = process.execArgv",
    files: { "run.js": `#!${PATH}\nrequire('./app.js')` },
    saved: { "run.js": `#!/usr/bin/env -S ${PATH} --no-warnings\nrequire('./app.js')` },
    changed: ["run.js"],
    command: ["./run.js"],
    over: "the first line",
  },
  "a package that loads another kind of file": {
    before: "require('hooks'); require('envy')",
    after:
      "const before = Object.keys(require.extensions); require('hooks'); var out = [before, require('envy')]",
  },
};

for (const [what, statement] of Object.entries(SET)) {
  HAZARDS[`a package asks for what the program has set: ${what}`] = {
    before: "require('os'); var out = require('process/').seen",
    after: `require('os'); ${statement}; var out = require('process/').seen`,
    over: what,
  };
}

for (const [name, hazard] of Object.entries(HAZARDS)) {
  Deno.test(`from standby as cold, on Node: ${name}`, async () => {
    using program = new ParkedProgram(hazard, nodeLanguage(NODE));
    const { cold, released, over, cut } = await program.run();
    assertEquals(differences(cold, released), [], over ?? "it did not start over");
    if (hazard.over === undefined) assertEquals(over, null);
    else assertStringIncludes(over ?? "it did not", hazard.over);
    if (hazard.cut === undefined) assertEquals(cut, null);
    else assertStringIncludes(cut ?? "nothing was cut", hazard.cut);
  });
}
