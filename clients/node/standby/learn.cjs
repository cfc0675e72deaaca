"use strict";
/**
 * Notes which modules a program loads, in the order in which that began, and what each of them could see.
 *
 * The notes go to a file that baton reads once the program is ready; what is not in it by then is not loaded
 * ahead, which is right: any first part of the list will do. Node looks for a module among those that it has
 * before it loads it, and puts it there: what the list of those inherits from is told of it.
 */
const fs = require("fs");
const Module = require("module");
const { identity } = require("./identity.cjs");
const { encoded } = require("./lines.cjs");

const FLUSH_MS = 5;
const LAST_MS = 20_000;

const { openSync, writeSync, closeSync, readFileSync, constants } = fs;
const { nextTick, cwd } = process;
const now = performance.now.bind(performance);

/** The folder of packages that a file is in, the outermost one; null where it is in none. */
function packagesOf(file) {
  const at = file.indexOf("/node_modules/");
  return at < 0 ? null : file.slice(0, at + "/node_modules".length);
}

/** The line of a process that has started over, as it was at its first start. */
function whoStartedOver(folder) {
  try {
    const [, line] = readFileSync(`${folder}/over`, "utf8").split("\n");
    return line.startsWith(`who\t${process.pid}\t`) ? `${line}\n` : null;
  } catch {
    return null; // It has not.
  }
}

class Recorder {
  #file;
  #lines;
  #first = { ...process.env };
  #env = "";
  #argv = "";
  #cwd = cwd();
  #packages = new Set();
  #endsAt = now() + LAST_MS;
  #flushedAt = 0;
  #isFlushDue = false;

  constructor(folder, options) {
    this.#file = `${folder}/${process.pid}`;
    this.#lines = [whoStartedOver(folder) ?? encoded("who", ...identity(options))];
    this.#flush();
  }

  note(filename, module) {
    if (now() > this.#endsAt) return this.end();
    const parent = module?.parent;
    const isOwn = parent == null || packagesOf(`${parent.filename}`) === null;
    if (isOwn || parent.loaded) this.#noteSurroundings();
    const packages = packagesOf(filename);
    if (packages !== null && !this.#packages.has(packages)) {
      this.#packages.add(packages);
      this.#lines.push(encoded("path", [...this.#packages]));
    }
    this.#lines.push(encoded("import", filename, parent?.filename ?? ""));
    this.#flushSoon();
  }

  #noteSurroundings() {
    const env = { ...process.env };
    const keys = [...Object.keys(this.#first), ...Object.keys(env)];
    const changed = [...new Set(keys)].filter((key) => env[key] !== this.#first[key]);
    this.#noteIfNew("env", changed.map((key) => key in env ? `${key}=${env[key]}` : key));
    this.#noteIfNew("argv", [...process.argv]);
    const folder = cwd();
    if (folder !== this.#cwd) this.#lines.push(encoded("cwd", this.#cwd = folder));
  }

  #noteIfNew(kind, items) {
    const line = encoded(kind, items);
    const before = kind === "env" ? this.#env : this.#argv;
    if (line === before || before === "" && items.length === 0) return;
    if (kind === "env") this.#env = line;
    else this.#argv = line;
    this.#lines.push(line);
  }

  /** What is loaded last may take longest: it is written before it begins. */
  #flushSoon() {
    if (now() - this.#flushedAt >= FLUSH_MS) return this.#flush();
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    nextTick(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush() {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join("");
    this.#lines = [];
    try {
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT |
        constants.O_NOFOLLOW;
      const file = openSync(this.#file, flags, 0o600);
      writeSync(file, text);
      closeSync(file);
    } catch {
      this.end(); // Then there is no standby: nothing else depends on it.
    }
    this.#flushedAt = now();
  }

  end() {
    Object.setPrototypeOf(Module._cache, null);
  }
}

/** Notes in a file of `folder` from now on. */
function begin(folder, options) {
  const recorder = new Recorder(folder, options);
  const { defineProperty } = Reflect;
  const handler = {
    set(_target, key, value, receiver) {
      if (typeof key === "string" && key.startsWith("/")) recorder.note(key, value);
      return defineProperty(receiver, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  };
  Object.setPrototypeOf(Module._cache, new Proxy(Object.create(null), handler));
}

module.exports = { begin };
