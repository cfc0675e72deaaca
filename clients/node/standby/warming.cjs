"use strict";
/**
 * Loads again what a run is known to have loaded, and notes what each import changed outside of itself.
 *
 * An import that did more than that (it looked at a file that is watched, wrote, printed, started a timer, a
 * child or a connection, failed, or would have loaded what is watched) is the end: a process that has seen it
 * cannot be used, and the next one stops before it.
 */
const fs = require("fs");
const Module = require("module");
const vm = require("vm");
const { core } = require("./core.cjs");
const { stampOf } = require("./freshness.cjs");
const { listeners, come, Listeners } = require("./listeners.cjs");
const { Picture } = require("./picture.cjs");
const { Settings } = require("./settings.cjs");
const { lookedAt, textOf } = require("./sources.cjs");
const { Watcher, stateOf } = require("./watcher.cjs");

const load = Module._load;
/** These are looked at before it is let go, and the program does not change them. */
const OF_PACKAGES = /\/node_modules(\/|$)|\/package\.json$/;

class Warming {
  /** What the program itself imports. */
  roots = [];
  /** What ended it; null where nothing did. */
  fault = null;
  #entries;
  #cut;
  #places;
  #watcher;
  #settings = new Settings();
  #environ = { ...process.env };
  #paths = new Set();
  constructor(entries, cut, places) {
    this.#entries = entries;
    this.#cut = cut;
    this.#places = places;
    this.#watcher = new Watcher(places);
  }

  get environ() {
    return this.#environ;
  }

  /** What was looked at outside of the project. */
  get watcher() {
    return this.#watcher;
  }

  /** Gives the name of each import before it is done. */
  *run() {
    if (this.#entries.every((entry) => this.#isLeftOut(entry))) return;
    const argv = [...process.argv];
    const { named, skipped, ignored } = core();
    const picture = new Picture(named, skipped, ignored);
    picture.add(Object.values(Module._cache).filter(isOthers));
    const paths = { ...Module._pathCache };
    this.#paths = new Set(Object.keys(paths));
    this.#guard();
    this.#watcher.begin();
    this.#settings.begin((what) => this.#watcher.note(what));
    try {
      let state = stateOf();
      for (const entry of this.#entries) {
        if (this.roots.length >= this.#cut || this.fault !== null) break;
        if (this.#isLeftOut(entry)) continue;
        yield entry.filename;
        state = this.#import(entry, picture, state);
      }
    } finally {
      this.#settings.end();
      this.#watcher.end();
      Object.setPrototypeOf(Module._cache, null);
      replace(process.argv, argv);
      this.#giveBackEnviron();
      for (const key of this.#paths) if (!(key in paths)) delete Module._pathCache[key];
    }
  }

  /** What an ES module imports has no parent: who loads that does not ask for it. */
  #isLeftOut({ filename, parent }) {
    return parent === "" || filename in Module._cache || this.#places.isWatched(filename) ||
      !fs.existsSync(filename);
  }

  /** Nothing that is watched is loaded. */
  #guard() {
    const set = (_target, key, value, receiver) => {
      if (typeof key === "string" && key.startsWith("/") && this.#places.isWatched(key)) {
        this.#watcher.note(`imports ${key}, which is watched`);
        throw new Error(`Cannot find module '${key}'`);
      }
      const property = { value, writable: true, enumerable: true, configurable: true };
      return Reflect.defineProperty(receiver, key, property);
    };
    Object.setPrototypeOf(Module._cache, new Proxy(Object.create(null), { set }));
  }

  #import(entry, picture, before) {
    const { filename } = entry;
    const watcher = this.#watcher;
    if (entry.isElsewhere) {
      this.fault = `the program goes to another folder before it imports ${filename}`;
      return before;
    }
    this.#setEnviron(entry.env);
    if (entry.argv !== null) replace(process.argv, entry.argv);
    const argv = [...process.argv];
    const environ = { ...process.env };
    const there = new Set(Object.keys(Module._cache));
    const waiting = Object.values(Module._cache).filter(({ loaded }) => !loaded);
    const calls = listeners();
    const read = new Set(watcher.read);
    watcher.trouble();
    try {
      asIfIn(entry.parent)(load, filename, standIn(entry.parent));
    } catch (error) {
      watcher.note(`fails: ${error}`);
    }
    const modules = Object.keys(Module._cache).filter((name) => !there.has(name))
      .map((name) => Module._cache[name]);
    const seen = seenBy(modules, there);
    const looks = picture.looks(seen);
    const changes = picture.changes(seen);
    const added = come(calls, listeners());
    if (added === null) watcher.note("takes away what the process is to call");
    else if (added.length > 0) changes.push(new Listeners(added));
    picture.add(modules);
    const state = stateOf();
    const asked = this.#settings.asked([...modules, ...seen].map(textOf));
    const trouble = watcher.trouble();
    trouble.push(
      ...Object.keys(state).filter((what) => state[what] !== before[what]),
      ...changes.map(({ fault }) => fault).filter((fault) => fault !== null),
      ...modules.map(lookedAt).filter((what) => what !== null),
    );
    const found = this.#foundSince(filename);
    const early = waiting.find(({ loaded }) => loaded);
    if (early !== undefined) trouble.push(`loads ${early.filename}, which the program imports`);
    if (modules[0]?.filename !== filename) trouble.push("is not loaded");
    if (!sameVariables(environ, process.env)) trouble.push("changes the environment");
    if (argv.join("\0") !== process.argv.join("\0")) trouble.push("changes the arguments");
    if (trouble.length > 0) this.fault = `${filename} ${trouble[0]}`;
    else {
      const disk = [...watcher.read].filter((path) => !read.has(path) && !OF_PACKAGES.test(path))
        .map((path) => [path, stampOf(path, false)]);
      const seen = { changes, found, looks, asked, environ, argv, disk };
      this.roots.push({ entry, filename, modules, ...seen });
    }
    return state;
  }

  /** What Node has noted since of where it found what; not that this was asked for by its path. */
  #foundSince(filename) {
    const found = Object.entries(Module._pathCache).filter(([key]) => !this.#paths.has(key));
    for (const [key] of found) this.#paths.add(key);
    return found.filter(([key]) => key.split("\0")[0] !== filename);
  }

  #setEnviron(changed) {
    const wanted = { ...this.#environ };
    for (const [key, value] of changed) {
      if (value === undefined) delete wanted[key];
      else wanted[key] = value;
    }
    for (const key of Object.keys(process.env)) if (!(key in wanted)) delete process.env[key];
    for (const key of Object.keys(wanted)) {
      if (process.env[key] !== wanted[key]) process.env[key] = wanted[key];
    }
  }

  /** Also its order, which is not the same where a variable was away. */
  #giveBackEnviron() {
    this.#setEnviron([]);
    const order = Object.keys(this.#environ);
    if (order.join("\0") === Object.keys(process.env).join("\0")) return;
    for (const key of order) {
      delete process.env[key];
      process.env[key] = this.#environ[key];
    }
  }
}

/** Not of this hook. */
const isOthers = ({ filename }) => filename?.startsWith(__dirname) === false;

function replace(list, items) {
  list.length = 0;
  list.push(...items);
}

function sameVariables(one, other) {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/** Calls a function from a file: whoever looks who imports it finds that one. */
function asIfIn(filename) {
  const call = "(function (load, filename, parent) { return load(filename, parent, false); })";
  return new vm.Script(call, { filename }).runInThisContext();
}

/** What it is required from. Node remembers what it has found for whoever is in the same folder: nobody is. */
function standIn(filename) {
  const module = new Module(filename);
  module.filename = filename;
  module.path = "\0";
  return module;
}

/** The modules that were there before, and that these have required. */
function seenBy(modules, there) {
  const seen = new Set();
  for (const { children } of modules) {
    for (const child of children) if (there.has(child.filename)) seen.add(child);
  }
  return [...seen];
}

module.exports = { Warming, sameVariables };
