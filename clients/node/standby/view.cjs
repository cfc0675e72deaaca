"use strict";
/**
 * What a program can see of its process, written down once it has come to rest.
 *
 * For `BATON_STANDBY=verify` and for tests: the same program is looked at where it was started cold and where it
 * comes from standby. Who looks is a timer, there in both, that keeps nothing alive.
 */
const fs = require("fs");
const Module = require("module");

const STEP_MS = 100;
const REST_MS = 600;
const LONGEST_MS = 20_000;
const BUSY_US = 10_000;

const { readFileSync, readdirSync, readlinkSync, writeFileSync, renameSync } = fs;
const { cpuUsage, eventNames, rawListeners } = process;
const later = setTimeout;
const now = performance.now.bind(performance);

const nameOf = (module) => module == null ? `${module}` : module.filename ?? module.id;
const keysOf = (value) =>
  value !== null && (typeof value === "object" || typeof value === "function")
    ? Object.getOwnPropertyNames(value)
    : typeof value;

function linesOf(path, ...beginnings) {
  return readFileSync(path, "latin1").split("\n").filter((line) =>
    beginnings.some((one) => line.startsWith(one))
  );
}

/** But for what libuv keeps open in case that nothing else can be. */
function descriptors() {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      const link = readlinkSync(`/proc/self/fd/${name}`).split(/[:\d]/)[0];
      return link === "/dev/null" ? [] : [link];
    } catch {
      return []; // The list itself.
    }
  }).sort();
}

function seen() {
  const names = Object.keys(Module._cache);
  // Whoever likes puts in there what it likes: Node itself does so with JSON that an ES module imports.
  const modules = names.map((name) => Object(Module._cache[name]));
  const told = (tell) => Object.fromEntries(modules.map((one, at) => [names[at], tell(one)]));
  return {
    "modules": names,
    "names": told(({ exports }) => keysOf(exports)),
    "imported by": told(({ parent, loaded, id }) => [nameOf(parent), loaded, id]),
    "imports": told(({ children }) => Array.isArray(children) ? children.map(nameOf) : null),
    "first": nameOf(process.mainModule),
    "found": Object.keys(Module._pathCache),
    "paths": Module.globalPaths,
    "extensions": Object.keys(Module._extensions),
    "arguments": [process.argv, process.execArgv, process.argv0],
    "environment": Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !key.startsWith("BATON_")),
    ),
    "environment's order": Object.keys(process.env),
    "standby": "BATON_STANDBY" in process.env,
    "folder": process.cwd(),
    "descriptors": descriptors(),
    "threads": readdirSync("/proc/self/task").map((task) =>
      readFileSync(`/proc/self/task/${task}/comm`, "latin1")
    ).sort(),
    "handlers": Object.fromEntries(
      eventNames.call(process).map((name) => [
        String(name),
        rawListeners.call(process, name).map((one) => (one.listener ?? one).name),
      ]),
    ),
    "status": linesOf("/proc/self/status", "Umask", "SigIgn", "SigBlk", "SigCgt"),
    "globals": Object.getOwnPropertyNames(globalThis),
    "process": Object.getOwnPropertyNames(process),
    "prototypes": [Object, Function, Array, String, Number, Promise, Error, Map, Set, RegExp, Date]
      .map(({ prototype }) => Object.getOwnPropertyNames(prototype)),
    "errors": [Error.stackTraceLimit, typeof Error.prepareStackTrace],
    "resources": process.getActiveResourcesInfo(),
    "title": process.title,
    "exit code": process.exitCode,
  };
}

/** Writes it to a file, beside itself first. */
function begin(path) {
  const endsAt = now() + LONGEST_MS;
  let used = total();
  let quietMs = 0;
  const look = () => {
    const spent = total() - used;
    used += spent;
    quietMs = spent < BUSY_US ? quietMs + STEP_MS : 0;
    if (quietMs < REST_MS && now() < endsAt) return later(look, STEP_MS).unref();
    writeFileSync(`${path}.new`, JSON.stringify(seen()));
    renameSync(`${path}.new`, path);
  };
  later(look, STEP_MS).unref();
}

function total() {
  const { user, system } = cpuUsage.call(process);
  return user + system;
}

module.exports = { begin };
