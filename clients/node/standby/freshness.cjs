"use strict";
/** Whether what was loaded ahead is still what is on the disk, and the program still imports it. */
const fs = require("fs");
const { isBuiltin } = require("module");
const { dirname } = require("path");

const { statSync, readFileSync, realpathSync } = fs;
const QUIETLY = { throwIfNoEntry: false };

function stampOf(path, isListed) {
  try {
    const found = statSync(path, QUIETLY);
    if (found === undefined) return null;
    if (found.isDirectory() && !isListed) return "folder";
    return `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`;
  } catch {
    return null; // What is above it is no folder.
  }
}

/** The folders above a module that are its package's, and those of packages: a new file there may come first. */
function foldersOf(filename) {
  const first = filename.indexOf("/node_modules/");
  const folders = [];
  const last = first < 0 ? dirname(filename).length : first + "/node_modules".length;
  for (let folder = dirname(filename); folder.length >= last; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === "/") break;
  }
  return folders;
}

const IMPORT = /\b(?:require|import)\s*\(\s*(["'`])(.*?)\1|\b(?:import|from)\s+(["'])(.*?)\3/g;

/**
 * What decides how a file is started and what it loads: its first line, where the system reads that, and the packages
 * that it names where it imports, in the order in which that begins. Nulls where it cannot be read.
 */
function beginningOf(path) {
  try {
    const text = readFileSync(path, "utf8");
    const names = [...text.matchAll(IMPORT)].map((all) => all[2] ?? all[4]);
    const packages = names.filter((name) => !/^(\.|\/|node:)/.test(name) && !isBuiltin(name));
    const [first] = text.startsWith("#!") ? text.split("\n", 1) : [""];
    return { first, imports: [...new Set(packages)].join("\n") };
  } catch {
    return { first: null, imports: null };
  }
}

function realOrSame(path) {
  try {
    return realpathSync(path);
  } catch {
    return path; // It is gone.
  }
}

class Freshness {
  #stamps = new Map();
  #beginnings = new Map();
  #first = null;

  /** `own` are the files of the program that a run has loaded. */
  constructor({ roots, watcher }, own, beganAt) {
    const files = new Set([process.execPath, ...watcher.read]);
    const listed = new Set(watcher.listed);
    for (const { modules } of roots) {
      for (const { filename } of modules) {
        files.add(filename);
        for (const folder of foldersOf(filename)) {
          listed.add(folder);
          files.add(`${folder}/package.json`);
        }
      }
    }
    for (const path of files) this.#stamps.set(path, [stampOf(path, false), false]);
    for (const path of listed) this.#stamps.set(path, [stampOf(path, true), true]);
    for (const path of own) this.#beginnings.set(path, beginningOf(path));
    for (const [path, [stamp, isListed]] of this.#stamps) {
      const changedAt = stamp === null || isListed ? 0 : Number(stamp.split(" ")[1]);
      if (changedAt >= beganAt) this.#first = `${path} was changed while it was loaded`;
    }
  }

  /** What is not as it was, on the disk; null where all is. */
  fault() {
    if (this.#first !== null) return this.#first;
    for (const [path, [stamp, isListed]] of this.#stamps) {
      if (stampOf(path, isListed) !== stamp) return `${path} was changed`;
    }
    return null;
  }

  /**
   * What the changed files bring: one that the system may `start` in another way, and what is imported (`source`) in
   * another way; null where nothing is.
   */
  sourceFaults(changed) {
    let [start, source] = [null, null];
    for (const path of changed) {
      const before = this.#beginnings.get(path) ?? this.#beginnings.get(realOrSame(path));
      if (before === undefined) continue;
      const { first, imports } = beginningOf(path);
      if (first !== before.first) {
        start ??= `the first line of ${path} may start another interpreter`;
      }
      if (imports !== before.imports) source ??= `the imports of ${path} are others`;
    }
    return { start, source };
  }
}

module.exports = { Freshness, stampOf };
