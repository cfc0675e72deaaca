"use strict";
/**
 * Waits in the place of a program, with what that is known to import loaded ahead, until it is to run.
 *
 * Loaded by the hook, which ends the process where anything here fails. What it must come to: what runs from
 * standby is, in every way that a program can see, what a cold start would have run.
 *
 * Theory of operation. The list that an earlier run has left names the modules it loaded, in their order, each
 * with the environment and arguments of that moment. What the program itself imported is loaded again here
 * (`warming.cjs`), but for what is watched, and everything that it changed outside of itself is noted. Then all
 * of it is put on a shelf: Node's list of modules and whatever else had changed are as they were. When the
 * program imports the first of them, that one and all it had loaded come back, with their changes; and so on, in
 * the same order (`shelf.cjs`). An import in another order, or one that might have seen something else than it
 * has seen here, is where the process starts over: it executes itself, and is a cold start with the same pid.
 */
const fs = require("fs");
const v8 = require("v8");
const vm = require("vm");
const { beginning, identity, wordsOf } = require("./identity.cjs");
const { encoded, decoded, itemsOf } = require("./lines.cjs");
const { Freshness } = require("./freshness.cjs");
const { read } = require("./listed.cjs");
const { Places } = require("./places.cjs");
const { Shelf } = require("./shelf.cjs");
const { Warming } = require("./warming.cjs");

const FRESH_MS = 1_000;
/** Baton starts the program anew where it ends with this and has said why: Node before 22.15 cannot execute itself. */
const START_COLD = 75;

const { readSync, writeSync, openSync, closeSync, readFileSync, constants } = fs;
const { reallyExit, execve, execPath, chdir, umask } = process;
const now = performance.now.bind(performance);

/** The connection to baton. It is read without the event loop, in which nothing may happen yet. */
class Line {
  #handle;
  #rest = "";
  #decoder = new TextDecoder();
  #chunk = new Uint8Array(65_536);

  constructor(address) {
    const { emitWarning } = process;
    process.emitWarning = () => {}; // That the binding is used is no matter of the program.
    const { Pipe, PipeConnectWrap, constants } = process.binding("pipe_wrap");
    process.emitWarning = emitWarning;
    this.#handle = new Pipe(constants.SOCKET);
    const request = new PipeConnectWrap();
    request.oncomplete = () => {};
    if (this.#handle.connect(request, address) !== 0) throw new Error("Baton is not there");
    this.#handle.setBlocking(true);
    this.#handle.unref();
  }

  say(...fields) {
    const bytes = new TextEncoder().encode(encoded(...fields));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#handle.fd, bytes, at);
  }

  /** The fields of the next message; baton is gone where there is none. */
  read() {
    while (!this.#rest.includes("\n")) {
      const count = readSync(this.#handle.fd, this.#chunk);
      if (count === 0) reallyExit(0);
      this.#rest += this.#decoder.decode(this.#chunk.subarray(0, count), { stream: true });
    }
    const at = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + 1);
    return decoded(line);
  }

  close() {
    this.#handle.close();
  }
}

/** Where memory is short the system is to end a parked process before any other; returns what it was. */
function yieldMemory(score) {
  try {
    const path = "/proc/self/oom_score_adj";
    const before = readFileSync(path, "latin1").trim();
    const file = openSync(path, "w");
    writeSync(file, score ?? `${Math.max(Number(before), 500)}`);
    closeSync(file);
    return before;
  } catch {
    return null; // A system without it: nothing is lost.
  }
}

/**
 * Returns when the program is to run; `view` is where a cold start writes what can be seen of it, or "". `held` is
 * what was to be printed before it.
 */
function park(address, options, view, held) {
  const line = new Line(address);
  const first = beginning();
  const who = identity(options, first);
  line.say("here", ...who);
  const [word, listed, cut, learn, roots, others, ...more] = line.read();
  const odd = who.at(-1);
  if (word !== "warm" || others === undefined || more.length > 1 || odd.length > 0) reallyExit(97);
  const score = yieldMemory(null);
  const [beganAt, began] = [Date.now(), now()];
  const [argv, environ, folder, mask] = [wordsOf(first), first.env, first.cwd, umask()];
  const given = givenEnvironment();
  const places = new Places(itemsOf(roots), itemsOf(others));
  const entries = read(listed);
  const warm = new Warming(entries, Number(cut), places);
  for (const name of warm.run()) line.say("at", name);
  if (warm.fault !== null) {
    line.say("cut", `${warm.roots.length}`, warm.fault);
    reallyExit(0);
  }

  let isPrinted = held === "";
  const print = () => {
    if (!isPrinted) writeSync(1, Buffer.from(held, "hex"));
    isPrinted = true;
  };

  /** Starts over: what is executed is a cold start in all but its pid; where `inPlace` is false, baton starts it. */
  const over = (why, root, inPlace = execve !== undefined) => {
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
      const file = openSync(`${learn}/over`, flags, 0o600);
      writeSync(file, encoded("over", `${root}`, why) + encoded("who", ...who));
      closeSync(file);
    } catch {
      // Baton is gone, say: nobody is left to tell, and the program must start all the same.
    }
    try {
      if (!inPlace) return;
      print();
      if (score !== null) yieldMemory(score);
      chdir(folder);
      umask(mask);
      const env = { ...environ, ...given, BATON_STANDBY: `learn:${learn}\n${view}` };
      execve.call(process, execPath, argv, env);
    } finally {
      reallyExit(START_COLD);
    }
  };

  const own = new Set(
    entries.map(({ filename }) => filename).filter((path) => places.isWatched(path)),
  );
  const fresh = new Freshness(warm, own, beganAt);
  const shelf = new Shelf(warm, over);
  shelf.rehearse();
  collectGarbage();
  const tookMs = (now() - began).toFixed(1);
  line.say("parked", `${warm.roots.length}`, `${shelf.count}`, tookMs);
  let checkedAt = -Infinity;
  for (;;) {
    const [word, told, changed, ...more] = line.read();
    if (word === "check") {
      const why = fresh.fault();
      checkedAt = why === null ? now() : -Infinity;
      if (why === null) line.say("fresh");
      else line.say("stale", why);
    } else if (word === "go" && changed !== undefined && more.length === 0) {
      for (const pair of itemsOf(told)) {
        const at = pair.indexOf("=");
        environ[pair.slice(0, at)] = pair.slice(at + 1);
      }
      const { start, source } = fresh.sourceFaults(itemsOf(changed));
      const why = start ?? (now() - checkedAt < FRESH_MS ? null : fresh.fault()) ?? source;
      line.say("runs");
      if (why !== null) over(why, -1, execve !== undefined && start === null);
      if (score !== null) yieldMemory(score);
      for (const key of Object.keys(environ)) {
        if (key.startsWith("BATON_") && process.env[key] !== environ[key]) {
          process.env[key] = environ[key];
        }
      }
      line.close();
      print();
      return shelf.begin();
    } else reallyExit(word === "die" ? 0 : 97);
  }
}

/** What warming has left over is not carried along. */
function collectGarbage() {
  if (typeof globalThis.gc === "function") return; // It is asked for, and stays.
  v8.setFlagsFromString("--expose-gc");
  vm.runInNewContext("gc")();
  v8.setFlagsFromString("--no-expose-gc");
}

/** What the hook has taken out of the environment, as the system was given it. */
function givenEnvironment() {
  const pairs = readFileSync("/proc/self/environ", "utf8").split("\0");
  const found = pairs.find((pair) => pair.startsWith("NODE_OPTIONS="));
  return found === undefined ? {} : { NODE_OPTIONS: found.slice("NODE_OPTIONS=".length) };
}

module.exports = { park };
