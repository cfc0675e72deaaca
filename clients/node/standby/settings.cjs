"use strict";
/**
 * What Node keeps to itself, and gives out by a call or an accessor: no look at its objects shows that it is another.
 *
 * An import that sets any of it is not done ahead; one that may ask for it has seen what it was while it was loaded.
 */
const { AsyncLocalStorage } = require("async_hooks");
const buffer = require("buffer");
const { Channel } = require("diagnostics_channel");
const dns = require("dns");
const events = require("events");
const fs = require("fs");
const http = require("http");
const https = require("https");
const Module = require("module");
const net = require("net");
const os = require("os");
const { performance, PerformanceObserver } = require("perf_hooks");
const stream = require("stream");
const { inspect } = require("util");
const v8 = require("v8");
const worker = require("worker_threads");

const { getOwnPropertyDescriptor, defineProperty, apply } = Reflect;
const { is, hasOwn } = Object;

const MAKES_STREAMS =
  /\b(Readable|Writable|Duplex|Transform|PassThrough|highWaterMark|create\w*Stream)\b/i;
const INSPECTS = /\b(inspect|format\w*|console)\b/;

/** Its name, what a module has in its text that asks for it, and how it is asked for: not every Node has all. */
const ASKED = [
  ["events.defaultMaxListeners", /MaxListeners/, () => events.defaultMaxListeners],
  ["events.captureRejections", /captureRejection/, () => events.captureRejections],
  ["http.globalAgent", /globalAgent/, () => http.globalAgent],
  ["http.globalAgent.maxSockets", /globalAgent/, () => http.globalAgent.maxSockets],
  ["https.globalAgent", /globalAgent/, () => https.globalAgent],
  ["https.globalAgent.maxSockets", /globalAgent/, () => https.globalAgent.maxSockets],
  ["util.inspect.defaultOptions", INSPECTS, () => JSON.stringify(inspect.defaultOptions)],
  ["buffer.INSPECT_MAX_BYTES", INSPECTS, () => buffer.INSPECT_MAX_BYTES],
  ["fs.ReadStream", /ReadStream/, () => fs.ReadStream],
  ["fs.WriteStream", /WriteStream/, () => fs.WriteStream],
  ["Module.wrap", /(?:)/, () => Module.wrap],
  ["Module.wrapper", /(?:)/, () => Module.wrapper[0] + Module.wrapper[1]],
  ["the order of addresses", /ResultOrder/, () => dns.getDefaultResultOrder?.()],
  ["the family of addresses", /AutoSelectFamily/, () => net.getDefaultAutoSelectFamily?.()],
  ["how much a stream holds", MAKES_STREAMS, () => stream.getDefaultHighWaterMark?.(false)],
  ["how many a stream holds", MAKES_STREAMS, () => stream.getDefaultHighWaterMark?.(true)],
  ["whether traces name sources", /[sS]ourceMapsEnabled/, () => process.sourceMapsEnabled],
  ["how files are made", /\bumask\b/, () => process.umask()],
  ["the title", /\bprocess\b[^]*\btitle\b/, () => process.title],
  ["the exit code", /\bexitCode\b/, () => process.exitCode],
  ["the priority", /\bgetPriority\b/, () => os.getPriority()],
  [
    "who catches what nobody catches",
    /\bhasUncaught/,
    () => process.hasUncaughtExceptionCaptureCallback(),
  ],
  ["where compiled modules are", /CompileCache/, () => Module.getCompileCacheDir?.()],
];

/** Those set what nobody can ask for. */
const SETS = [
  [Module, "registerHooks"],
  [v8, "setFlagsFromString"],
  [worker, "setEnvironmentData"],
  [dns, "setServers"],
  [dns.promises, "setServers"],
  [Channel.prototype, "subscribe"],
  [Channel.prototype, "bindStore"],
  [PerformanceObserver.prototype, "observe"],
  [Object.getPrototypeOf(performance), "mark"],
  [Object.getPrototypeOf(performance), "measure"],
  [AsyncLocalStorage, "bind"],
  [AsyncLocalStorage, "snapshot"],
  [AsyncLocalStorage.prototype, "enterWith"],
];

const STREAMS = ["stdin", "stdout", "stderr"];

/** What is watched by putting another in its place does not count as changed. */
function watched() {
  const found = new Map([[process, STREAMS]]);
  for (const [object, name] of SETS) found.set(object, [...found.get(object) ?? [], name]);
  return found;
}

/** What nobody looks at by itself: a package has it from then on, or decides by it what it does. */
const LISTS =
  /\bprocess\s*\.\s*(listenerCount|listeners|rawListeners|eventNames|removeAllListeners|_events)\b/;

function told() {
  return process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`)
    .join();
}

class Settings {
  #calls = told();
  #note;
  #undo = [];
  #before = ASKED.map(([, , ask]) => ask());
  #accessors = Object.fromEntries(
    STREAMS.map((name) => [name, getOwnPropertyDescriptor(process, name)]),
  );
  /** The standard streams that were looked at by the last import: each is made by that. */
  #streams = new Set();

  /** `note` is told what an import sets. */
  begin(note) {
    this.#note = note;
    for (const [object, name] of SETS) this.#watch(object, name);
    for (const name of STREAMS) {
      const before = this.#accessors[name];
      const get = () => {
        this.#streams.add(name);
        return apply(before.get, process, []);
      };
      defineProperty(process, name, { ...before, get });
      this.#undo.push(() => defineProperty(process, name, before));
    }
  }

  #watch(object, name) {
    const property = getOwnPropertyDescriptor(object, name);
    if (property === undefined) return; // It is of a newer Node.
    const { value: real } = property;
    const note = () => this.#note(`calls ${name}`);
    const value = function (...args) {
      note();
      return apply(real, this, args);
    };
    defineProperty(object, name, { ...property, value });
    this.#undo.push(() => defineProperty(object, name, property));
  }

  end() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** What an import with these texts may have asked for; each says whether it is still the same. */
  asked(texts) {
    const found = [];
    for (const [index, [what, names, ask]] of ASKED.entries()) {
      const before = this.#before[index];
      if (!is(ask(), before)) this.#note(`changes ${what}`);
      if (texts.some((text) => names.test(text))) {
        found.push({
          what,
          isSame: () => is(ask(), before),
        });
      }
    }
    for (const name of this.#streams) {
      const accessor = this.#accessors[name];
      const isThere = () => getOwnPropertyDescriptor(process, name)?.get === accessor.get;
      found.push({ what: `process.${name}`, isSame: isThere });
      const looked = process[name];
      for (const key of ["write", "_write", "end"]) {
        const before = looked[key];
        if (hasOwn(looked, key)) this.#note(`changes process.${name}.${key}`);
        const isSame = () => is(process[name][key], before);
        found.push({ what: `process.${name}.${key}`, isSame });
      }
    }
    const calls = this.#calls;
    if (texts.some((text) => LISTS.test(text))) {
      found.push({ what: "what the process is to call", isSame: () => told() === calls });
    }
    this.#calls = told();
    for (const name of ["env", "argv", "execArgv"]) {
      const before = process[name];
      found.push({ what: `process.${name}`, isSame: () => process[name] === before });
    }
    this.#streams.clear();
    return found;
  }
}

module.exports = { Settings, watched };
