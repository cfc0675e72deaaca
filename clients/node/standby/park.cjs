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
const { encoded, itemsOf } = require("./lines.cjs");
const Module = require("module");
const { goAhead, enter } = require("./ahead.cjs");
const { moduleEntry } = require("./entry.cjs");
const { Freshness } = require("./freshness.cjs");
const { Line } = require("./line.cjs");
const { read } = require("./listed.cjs");
const { Places } = require("./places.cjs");
const { Shelf } = require("./shelf.cjs");
const { Warming } = require("./warming.cjs");

const FRESH_MS = 1_000;
/** Baton starts the program anew where it ends with this and has said why: Node before 22.15 cannot execute itself. */
const START_COLD = 75;

const { writeSync, openSync, closeSync, readFileSync, constants } = fs;
const { reallyExit, execve, execPath, chdir, umask } = process;
const now = performance.now.bind(performance);

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
 * Has the program run, and `begun` called before, when it is to; `view` is where a cold start writes what can be seen of
 * it, or "". `held` is what was to be printed before it.
 */
function park(address, options, view, held, begun) {
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

  const giveUp = (...words) => {
    line.say(...words);
    reallyExit(0);
  };

  /** Returns when the program is to run; `ahead` is what of its ES modules is there, or null. */
  const wait = (ahead) => {
    const entries = read(listed);
    const warm = new Warming(entries, Number(cut), places);
    for (const name of warm.run()) line.say("at", name);
    if (warm.fault !== null) giveUp("cut", `${warm.roots.length}`, warm.fault);
    const own = new Set(
      entries.map(({ filename }) => filename).filter((path) => places.isWatched(path)),
    );
    const fresh = new Freshness(warm, own, beganAt);
    const fault = () => fresh.fault() ?? ahead?.fault() ?? null;
    const shelf = new Shelf(warm, over);
    shelf.rehearse();
    collectGarbage();
    const tookMs = (now() - began).toFixed(1);
    const count = shelf.count + (ahead?.count ?? 0);
    line.say("parked", `${warm.roots.length}`, `${count}`, tookMs);
    let checkedAt = -Infinity;
    for (;;) {
      const [word, told, changed, ...more] = line.read();
      if (word === "check") {
        const why = fault();
        checkedAt = why === null ? now() : -Infinity;
        if (why === null) line.say("fresh");
        else line.say("stale", why);
      } else if (word === "go" && changed !== undefined && more.length === 0) {
        for (const pair of itemsOf(told)) {
          const at = pair.indexOf("=");
          environ[pair.slice(0, at)] = pair.slice(at + 1);
        }
        const paths = itemsOf(changed);
        const { start, source } = fresh.sourceFaults(paths);
        const why = start ?? (now() - checkedAt < FRESH_MS ? null : fault()) ?? source ??
          ahead?.sourceFault(paths) ?? null;
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
        shelf.begin();
        return begun();
      } else reallyExit(word === "die" ? 0 : 97);
    }
  };

  const entry = moduleEntry(options);
  const left = more.length === 0 ? null : itemsOf(more[0]).slice(1);
  // Those that were edited lately are among them by their paths.
  const whole = `all of ${entry}`;
  if (entry === null || left?.includes(whole)) return wait(null);
  const { runMain } = Module;
  Module.runMain = async (main) => {
    Module.runMain = runMain;
    Module._findPath(main, null, true); // Node notes where it has found what: its own look comes first.
    try {
      const ahead = await goAhead(entry, learn, places, left, beganAt).catch((error) => {
        if (left === null) giveUp("cut", "0", `${error}`);
        giveUp("leave", whole, `${error}`);
      });
      const leave = ahead?.leave ?? null;
      if (leave !== null) giveUp("leave", leave.target, leave.why);
      wait(ahead);
      enter(runMain, main);
    } catch {
      reallyExit(98); // It would be a second instance of the program.
    }
  };
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
