"use strict";
/**
 * Links what a program of ES modules imports, and with `own` runs what it imports before anything of its own runs; see
 * `run_ahead.mjs`, which does so for Deno and Bun. The event loop turns meanwhile: it begins where Node would run the
 * program, and ends by that.
 */
const fs = require("fs");
const Module = require("module");
const { join, dirname, basename } = require("path");
const { fileURLToPath, pathToFileURL } = require("url");
const { isModule } = require("./entry.cjs");
const { Watcher, stateOf } = require("./watcher.cjs");

const SHARED = join(dirname(dirname(__dirname)), "ecmascript/standby");
const CODE = /\.([cm]?js|json|node|wasm)$/;
const { isBuiltin } = Module;
/** Until then Node itself has something called at the exit while the program's first file is loaded. */
const CALLS_NOTHING_AT_EXIT = 22;

const shared = (name) => import(pathToFileURL(`${SHARED}/${name}.mjs`).href);

/** Also of a file that is gone. */
function realPath(path) {
  try {
    return fs.realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}

/** Nobody can ask Node what another file would find; it says so where it refuses to take that for what it is not. */
function resolver(file) {
  const module = new Module(file);
  module.filename = file;
  module._compile("module.exports = (name) => import(name, { with: { type: 'json' } });", file);
  return async (name) => {
    try {
      await module.exports(name);
    } catch (error) {
      return /^Module "(file:.*)" is not of type "json"/.exec(error.message)?.[1] ?? null;
    }
    return null;
  };
}

class Ahead {
  #watcher;
  #host;

  constructor(files, places) {
    this.#watcher = new Watcher(places);
    this.#host = {
      ...files,
      isModule,
      isBuiltin,
      resolver,
      pathOf: (url) => /[?#]/.test(url) ? null : fileURLToPath(url),
      /** The real one, which Node names it by; "" where it is not there. */
      fileOf(name, from) {
        try {
          return fs.realpathSync(fileURLToPath(new URL(name, pathToFileURL(from))));
        } catch {
          return "";
        }
      },
      hide() {},
      watch: () => this.#watch(),
    };
  }

  get host() {
    return this.#host;
  }

  /** Everything outside of the project that was looked at, but for what is here and in that folder. */
  filesBut(folder) {
    const own = [dirname(dirname(__dirname)), folder];
    const found = [...this.#watcher.read, ...this.#watcher.listed, ...Object.keys(Module._cache)];
    return found.filter((file) => !own.some((one) => file.startsWith(`${one}/`)));
  }

  /** What only loads modules may do; what it prints by that would be too early. */
  async link(run) {
    const { emitWarning } = process;
    let warning = null;
    process.emitWarning = (one) => void (warning ??= one);
    this.#watcher.begin();
    try {
      await run();
    } finally {
      this.#watcher.end();
      process.emitWarning = emitWarning;
    }
    const why = warning ?? this.#watcher.trouble().find((what) => what.startsWith("prints"));
    if (why !== undefined) throw new Error(`it warns: ${why}`);
  }

  #watch() {
    const before = stateOf();
    const watcher = this.#watcher;
    watcher.trouble();
    watcher.begin();
    watcher.watchVariables();
    const handleProcessExit = () => {};
    const isCalled = parseInt(process.versions.node, 10) < CALLS_NOTHING_AT_EXIT;
    if (isCalled) process.on("exit", handleProcessExit);
    return {
      end() {
        if (isCalled) process.off("exit", handleProcessExit);
        watcher.end();
      },
      why() {
        const after = stateOf();
        const changed = Object.keys(after).find((what) => after[what] !== before[what]);
        return watcher.trouble()[0] ?? changed ?? null;
      },
    };
  }
}

/**
 * What there is of it: how many modules, and what tells whether they are still what is on the disk, and what the changed
 * files import; null where nothing can be linked. `leave` is what is to be left to the program, after which nothing can go on here. `left` is null where
 * nothing is to be run. Rejects where this process cannot go on either.
 */
async function goAhead(entry, folder, places, left, beganAt) {
  const [files, { graphOf }, { link }, { runAhead }, { Freshness }, { filesOf }] = await Promise
    .all(
      ["files", "node_graph", "link", "run_ahead", "freshness", "surroundings"].map(shared),
    );
  const ahead = new Ahead(files, places);
  const { host } = ahead;
  const graph = await graphOf(host, entry, places);
  const { project, targets } = graph;
  const changesLoading = new Freshness(host, { project, files: [] }, Infinity).fault() !== null;
  if (targets.size === 0 || changesLoading) return null;
  await ahead.link(() => link(host, [...targets], folder));
  const leave = left === null ? null : await runAhead(host, graph.ahead, left);
  if (leave !== null) return { leave };
  const found = ahead.filesBut(folder);
  const fresh = new Freshness(host, { project, files: filesOf(found, project) }, beganAt);
  return {
    leave,
    count: found.filter((file) => CODE.test(file)).length,
    fault: () => fresh.fault(),
    // Of other files it is known what has read them.
    sourceFault: (changed) =>
      fresh.sourceFault(changed.map(realPath).filter((path) => project.has(path))),
  };
}

/** Runs the program, in a turn of its own as Node does; what Node has called at the exit then is the first again. */
function enter(runMain, main) {
  setImmediate(() => {
    const before = process.rawListeners("exit").length;
    runMain(main);
    const those = process.rawListeners("exit");
    if (before === 0 || those.length === before) return;
    process.off("exit", those[before]);
    process.prependListener("exit", those[before]);
  });
}

module.exports = { goAhead, enter };
