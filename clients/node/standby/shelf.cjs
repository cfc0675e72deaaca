"use strict";
/** What was loaded ahead, out of sight until the program imports it. */
const Module = require("module");
const { stampOf } = require("./freshness.cjs");
const { difference } = require("./picture.cjs");
const { sameVariables } = require("./warming.cjs");

const { defineProperty, getPrototypeOf } = Reflect;
const { setPrototypeOf, hasOwn } = Object;
const { cwd } = process;
/** What loads modules by `require`; whoever loads ES modules asks in order to look, or to put one there of its own. */
const OF_LOADER = "node:internal/modules/cjs/";
const OF_NODE = "node:";

/** The files of those that ask for a module, the nearest first. */
function askers() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder = {};
  Error.stackTraceLimit = 24;
  Error.prepareStackTrace = (_, frames) => frames.map((frame) => frame.getFileName() ?? "");
  try {
    Error.captureStackTrace(holder, askers);
    return holder.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

class Shelf {
  #roots;
  #of = new Map();
  #over;
  #done = 0;
  #checked = null;
  #cwd = cwd();

  /** Puts everything out of sight. `over` has the process start over. */
  constructor(warm, over) {
    this.#roots = warm.roots;
    this.#over = over;
    for (const root of this.#roots) {
      for (const module of root.modules) this.#of.set(module.filename, root);
    }
    for (const root of [...this.#roots].reverse()) {
      for (const change of [...root.changes].reverse()) change.undo();
      for (const { filename } of root.modules) delete Module._cache[filename];
    }
  }

  /** Does ahead what is to be quick later: where nothing has changed it only takes its time. */
  rehearse() {
    for (let time = 0; time < 3; time++) for (const { looks } of this.#roots) difference(looks);
  }

  /** How many modules there are. */
  get count() {
    return this.#of.size;
  }

  begin() {
    if (this.#roots.length === 0) return;
    const get = (_target, key) => this.#of.has(key) ? this.#ask(key) : undefined;
    const set = (_target, key, value, receiver) =>
      defineProperty(receiver, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    setPrototypeOf(Module._cache, new Proxy(Object.create(null), { get, set }));
    this.#guardLoading();
  }

  /** Whoever is to be asked of each module that is loaded would not be asked of those that are already. */
  #guardLoading() {
    const { registerHooks } = Module;
    if (typeof registerHooks !== "function") return; // It is of a newer Node.
    const apply = (real, self, given) => {
      if (this.#of.size > 0) this.#over("changes how modules are loaded", this.#done);
      return Reflect.apply(real, self, given);
    };
    Module.registerHooks = new Proxy(registerHooks, { apply });
  }

  /** The module, where it is Node that looks for it, to load it. */
  #ask(filename) {
    const files = askers().filter((file) => file !== __filename);
    if (!files[0]?.startsWith(OF_LOADER)) return undefined;
    const root = this.#of.get(filename);
    const importer = files.find((file) => !file.startsWith(OF_NODE));
    let why;
    try {
      why = this.#fault(root, filename, importer) ?? this.#putBack(root);
    } catch (error) {
      why = `${error}`;
    }
    if (why !== null) this.#over(why, this.#done);
    const [module] = root.modules;
    module.parent = Module._cache[root.entry.parent];
    this.#done += 1;
    if (this.#done === this.#roots.length) {
      setPrototypeOf(Module._cache, null);
      this.#of.clear();
    }
    return module;
  }

  /** Why the module that was loaded ahead may not be what would be loaded now; null where it is that. */
  #fault(root, filename, importer) {
    const following = this.#roots[this.#done];
    if (root !== following) return `imports ${filename} before ${following.filename}`;
    if (filename !== root.filename) {
      return `imports ${filename}, which ${root.filename} used to import`;
    }
    if (importer !== root.entry.parent || !hasOwn(Module._cache, importer)) {
      return `imports ${filename} from elsewhere`;
    }
    if (!sameArguments(root.argv)) return `changes the arguments before it imports ${filename}`;
    if (!sameVariables(without(root.environ), without(process.env))) {
      return `changes the environment before it imports ${filename}`;
    }
    if (cwd() !== this.#cwd) return `goes to another folder before it imports ${filename}`;
    for (const { filename: other } of root.modules) {
      if (hasOwn(Module._cache, other)) return `has another ${other} in place`;
    }
    const set = root.asked.find(({ isSame }) => !isSame());
    if (set !== undefined) return `changes ${set.what} before it imports ${filename}`;
    // A package that requires one after the other has seen nothing of the program between them.
    const isBetween = importer === this.#checked && !Module._cache[importer].loaded;
    const changed = isBetween ? null : difference(root.looks);
    if (changed !== null) return `changes ${changed} before it imports ${filename}`;
    const written = root.disk.find(([path, stamp]) => stampOf(path, false) !== stamp);
    if (written !== undefined) return `changes ${written[0]} before it imports ${filename}`;
    this.#checked = importer.includes("/node_modules/") ? importer : null;
    return getPrototypeOf(Module._cache) === null ? "is not looked for any more" : null;
  }

  #putBack(root) {
    for (const module of root.modules) Module._cache[module.filename] = module;
    for (const [key, path] of root.found) Module._pathCache[key] = path;
    for (const change of root.changes) {
      if (!change.redo()) return `changes ${change.what} before it imports ${root.filename}`;
    }
    return null;
  }
}

function sameArguments(argv) {
  if (process.argv.length !== argv.length) return false;
  for (let index = 0; index < argv.length; index++) {
    if (process.argv[index] !== argv[index]) return false;
  }
  return true;
}

/** But for baton's own variables. */
function without(env) {
  const found = {};
  for (const key in env) if (!key.startsWith("BATON_")) found[key] = env[key];
  return found;
}

module.exports = { Shelf };
