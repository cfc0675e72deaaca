"use strict";
/** Sees what an import does beyond its own objects: files that it looks at, what it prints, and whom it calls. */
const fs = require("fs");
const asyncHooks = require("async_hooks");
const { dirname } = require("path");
const { fileURLToPath } = require("url");
const { inspect } = require("util");
const { statOf, hasReaped } = require("./identity.cjs");

const { readFileSync, readdirSync, readlinkSync } = fs;
const { apply } = Reflect;

const READS = ["open", "openFileHandle", "readFileUtf8", "stat", "access", "existsSync"];
const LISTS = ["readdir", "opendir", "opendirSync"];
const WRITES = [
  ..."mkdir mkdtemp rename unlink rmdir rmSync copyFile cpSyncCopyDir symlink link chmod fchmod lchown"
    .split(" "),
  ..."chown utimes futimes lutimes ftruncate writeFileUtf8 writeBuffer writeBuffers writeString"
    .split(" "),
];
const PRINTS = [
  "writeUtf8String",
  "writeBuffer",
  "writev",
  "writeLatin1String",
  "writeAsciiString",
  "writeUcs2String",
];
/** These do nothing later by themselves. */
const HARMLESS = ["TTYWRAP", "PIPEWRAP", "RANDOMBYTESREQUEST"];
const FOLLOWS = /^node:(internal\/)?(async_hooks|promise_hooks|process\/task_queues)$/;
/** What is beside this hook, and in its own folder. */
const OURS = `${dirname(dirname(__dirname))}/`;
const AS_IT_IS = { customInspect: false, depth: -1 };
/** What is in there is made when it is read. */
const NO_FILES = /^\/(proc|sys|dev)\//;

class Watcher {
  /** Files outside of the project that were looked at. */
  read = new Set();
  /** Folders outside of the project that were looked through. */
  listed = new Set();
  #trouble = [];
  #promises = [];
  #places;
  #undo = [];
  #hook;

  constructor(places) {
    this.#places = places;
    this.#hook = asyncHooks.createHook({
      init: (_id, type, trigger, promise) => {
        if (type === "PROMISE") this.#noteMade(promise, trigger);
        else if (type === "Microtask") this.#noteLater();
        else if (!HARMLESS.includes(type)) {
          this.note(`starts something that ends later (${type})`);
        }
      },
    });
  }

  note(what) {
    this.#trouble.push(what);
  }

  /** A promise by itself does nothing; what comes after another does. */
  #noteMade(promise, trigger) {
    if (trigger !== asyncHooks.executionAsyncId()) this.#noteLater();
    this.#promises.push(promise);
  }

  /** It is done in its turn, and something of the program may be first: but for what Node does for its own objects. */
  #noteLater() {
    const maker = madeBy();
    if (maker !== "" && !maker.startsWith("node:") && !maker.includes(OURS)) {
      this.note("does something later, by a promise");
    }
  }

  /** What was seen since this was asked last. */
  trouble() {
    const isRejected = (one) => inspect(one, AS_IT_IS).startsWith("Promise { <rejected>");
    if (this.#promises.splice(0).some(isRejected)) this.note("rejects a promise");
    const found = this.#trouble;
    this.#trouble = [];
    return found;
  }

  /** Has it noted, too, what looks at baton's own variables: they are others once this process is let go. */
  watchVariables() {
    const property = Object.getOwnPropertyDescriptor(process, "env");
    let { value } = property;
    const { configurable, enumerable } = property;
    const get = () => {
      if (namesOwnVariables(madeBy())) this.note("looks at baton's own variables");
      return value;
    };
    const set = (one) => void (value = one);
    Object.defineProperty(process, "env", { configurable, enumerable, get, set });
    this.#undo.push(() => Object.defineProperty(process, "env", { ...property, value }));
  }

  begin() {
    const { emitWarning } = process;
    process.emitWarning = () => {}; // That the binding is used is no matter of the program.
    let files, streams;
    try {
      files = process.binding("fs");
      streams = Object.getPrototypeOf(process.binding("pipe_wrap").Pipe.prototype);
    } finally {
      process.emitWarning = emitWarning;
    }
    this.#put(files, READS, (path, flags) => this.#noteRead(path, flags));
    this.#put(files, ["lstat"], (path) => this.#noteWay(path));
    this.#put(files, LISTS, (path) => this.#noteList(path));
    this.#put(files, WRITES, (path) => this.note(`writes ${typeof path === "string" ? path : ""}`));
    this.#put(streams, PRINTS, () => this.note("prints"));
    const { enable } = this.#hook;
    enable.call(this.#hook);
    const hooks = Object.getPrototypeOf(this.#hook);
    const note = () => this.note("follows what is asynchronous");
    hooks.enable = function () {
      note();
      return apply(enable, this, []);
    };
    this.#undo.push(() => {
      hooks.enable = enable;
      this.#hook.disable();
    });
  }

  end() {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #put(object, names, note) {
    for (const name of names) {
      const real = object[name];
      if (typeof real !== "function") continue;
      const isOwn = Object.hasOwn(object, name);
      object[name] = function (...args) {
        note(...args);
        return apply(real, this, args);
      };
      this.#undo.push(() => isOwn ? object[name] = real : delete object[name]);
    }
  }

  #noteRead(path, flags) {
    if (path instanceof Uint8Array) path = new TextDecoder().decode(path);
    if (typeof path !== "string") return;
    path = path.replace(/^file:\/\//, "");
    const isWriting = typeof flags === "number" && (flags & 3) !== 0;
    if (isWriting && path !== "/dev/null" && path.startsWith("/") && !NO_FILES.test(path)) {
      this.note(`writes ${path}`);
    }
    if (!this.#places.isWatched(path)) {
      if (!NO_FILES.test(path)) this.read.add(path);
    } else if (!this.#places.isOnTheWay(path)) this.note(`looks at ${path}`);
  }

  /** As Node does it for each folder above a module that it loads. */
  #noteWay(path) {
    if (typeof path !== "string" || !this.#places.isWatched(path)) return;
    if (!this.#places.isOnTheWay(path)) this.note(`looks at ${path}`);
  }

  #noteList(path) {
    if (typeof path !== "string" || NO_FILES.test(path)) return;
    if (this.#places.isWatched(`${path}/x`)) this.note(`lists ${path}`);
    else this.listed.add(path);
  }
}

/** The file of what asks for something to be done later; "" where one promise only follows another. */
function madeBy() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 12;
  Error.prepareStackTrace = (_, frames) => frames.map((frame) => frame.getFileName());
  try {
    const { stack } = new Error();
    return stack.find((file) => file && file !== __filename && !FOLLOWS.test(file)) ?? "";
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** What is of Node does not, nor what is made as it runs. */
function namesOwnVariables(file) {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return path.startsWith("/") && /\bBATON_/.test(readFileSync(path, "utf8"));
}

/** What an import must leave as it was; each by what one does that does not. */
function stateOf() {
  const status = readFileSync("/proc/self/status", "latin1");
  return {
    "starts a child": [
      hasReaped(statOf("self")),
      readFileSync(`/proc/self/task/${process.pid}/children`, "latin1"),
    ].join(),
    "leaves a file open": readdirSync("/proc/self/fd").filter(isOpenFile).join(),
    "starts a thread": readdirSync("/proc/self/task").filter(isThread).length,
    "goes to another folder": process.cwd(),
    "sets the umask": /^Umask:.*$/m.exec(status)?.[0],
    "handles a signal": /^SigCgt:.*$/m.exec(status)?.[0],
    "sets the title": process.title,
    "sets the exit code": process.exitCode,
    "catches what nobody catches": process.hasUncaughtExceptionCaptureCallback(),
  };
}

/** The system has workers of its own there, which come and go. */
function isThread(id) {
  try {
    return !readFileSync(`/proc/self/task/${id}/comm`, "latin1").startsWith("iou-");
  } catch {
    return false; // It is gone.
  }
}

/** A terminal may be opened once more to be written to. */
function isOpenFile(name) {
  try {
    const link = readlinkSync(`/proc/self/fd/${name}`);
    return !/^\/dev\/(pts\/|tty)|\/fd$/.test(link);
  } catch {
    return false; // The list itself.
  }
}

module.exports = { Watcher, stateOf };
