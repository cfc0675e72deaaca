"use strict";
/**
 * Notes which modules a program loads, in the order in which that began, and what each of them could see.
 *
 * The notes go to a file that baton reads once the program is ready; what is not in it by then is not loaded
 * ahead, which is right: any first part of the list will do. They begin with who the process is, and are written
 * from the first module on that may be loaded ahead: a program that loads none pays for none. Node looks for a
 * module among those that it has before it loads it, and puts it there: what the list of those inherits from is
 * told of it.
 */
const fs = require("fs");
const { moduleEntry } = require("./entry.cjs");
const { beginning, identity } = require("./identity.cjs");
const { encoded, escaped } = require("./lines.cjs");

/** Written so seldom, it takes a hundredth of the time that is written of. */
const FLUSH_MS = 20;
const LAST_MS = 20_000;

const Module = module.constructor;

const { openSync, writeSync, closeSync, readFileSync, constants } = fs;
const { nextTick, cwd, hrtime } = process;

/** In milliseconds; `performance` would have to be loaded. */
function now() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

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

function sameVariables(one, other) {
  let count = 0;
  for (const key in one) {
    if (one[key] !== other[key]) return false;
    count += 1;
  }
  return count === Object.keys(other).length;
}

/** Those that are set, with their values, and those that are gone. */
function changesOf(before, after) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => after[key] !== before[key])
    .map((key) => key in after ? `${key}=${after[key]}` : key);
}

class Recorder {
  #folder;
  #options;
  #first = beginning();
  #project = `${this.#first.cwd}/`;
  #lines = [];
  #isWritten = false;
  #env = this.#first.env;
  #argv = "";
  #cwd = this.#first.cwd;
  #packages = new Set();
  #endsAt = now() + LAST_MS;
  #flushedAt = 0;
  #isFlushDue = false;

  constructor(folder, options) {
    this.#folder = folder;
    this.#options = options;
  }

  note(filename, module) {
    try {
      const at = now();
      if (at > this.#endsAt) return this.end();
      const parent = module?.parent;
      const packages = packagesOf(filename);
      const isOwn = packages === null && filename.startsWith(this.#project);
      if (
        !isOwn && (parent == null || parent.loaded || packagesOf(`${parent.filename}`) === null)
      ) {
        this.#noteSurroundings();
      }
      if (packages !== null && !this.#packages.has(packages)) {
        this.#packages.add(packages);
        this.#lines.push(encoded("path", [...this.#packages]));
      }
      this.#lines.push(`import\t${escaped(filename)}\t${escaped(`${parent?.filename ?? ""}`)}\n`);
      if (this.#isWritten || !isOwn) this.#flushSoon(at);
    } catch {
      this.end(); // Then there is no standby: nothing else depends on it.
    }
  }

  /** Of the ES modules that it imports nobody is told: those who load them ahead look for themselves. */
  noteEntry(entry) {
    for (
      let at = entry.lastIndexOf("/");
      at >= 0;
      at = at === 0 ? -1 : entry.lastIndexOf("/", at - 1)
    ) {
      this.#packages.add(`${entry.slice(0, at)}/node_modules`);
    }
    this.#lines.push(encoded("path", [...this.#packages]), encoded("import", entry, ""));
    this.#flushSoon(now());
  }

  #noteSurroundings() {
    const env = { ...process.env };
    if (!sameVariables(env, this.#env)) {
      this.#env = env;
      this.#lines.push(encoded("env", changesOf(this.#first.env, env)));
    }
    const argv = encoded("argv", [...process.argv]);
    if (argv !== this.#argv) this.#lines.push(this.#argv = argv);
    const folder = cwd();
    if (folder !== this.#cwd) this.#lines.push(encoded("cwd", this.#cwd = folder));
  }

  /** What is loaded last may take longest: it is written before it begins. */
  #flushSoon(at) {
    if (at - this.#flushedAt >= FLUSH_MS) return this.#flush();
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    nextTick(() => {
      this.#isFlushDue = false;
      try {
        this.#flush();
      } catch {
        this.end();
      }
    });
  }

  #flush() {
    if (this.#lines.length === 0) return;
    if (!this.#isWritten) this.#lines.unshift(this.#who());
    this.#isWritten = true;
    const text = this.#lines.join("");
    this.#lines = [];
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT |
      constants.O_NOFOLLOW;
    const file = openSync(`${this.#folder}/${process.pid}`, flags, 0o600);
    writeSync(file, text);
    closeSync(file);
    this.#flushedAt = now();
  }

  #who() {
    return whoStartedOver(this.#folder) ?? encoded("who", ...identity(this.#options, this.#first));
  }

  end() {
    Object.setPrototypeOf(Module._cache, null);
  }
}

/** Notes in a file of `folder` from now on. */
function begin(folder, options) {
  const recorder = new Recorder(folder, options);
  const entry = moduleEntry(options);
  if (entry !== null) recorder.noteEntry(entry);
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
