/**
 * Runs what a program imports before anything of the program runs, one after the other: each finds what it would find
 * in a cold start. What prints, fails, or leaves something behind that goes on is for the program alone, with what comes
 * after it.
 */

import { openLinks } from "./descriptors.mjs";
import { standardLinks } from "./identity.mjs";

const ON_CONSOLE = [
  ..."assert clear count debug dir dirxml error group groupCollapsed info log table time".split(
    " ",
  ),
  ..."timeEnd timeLog timeStamp trace warn".split(" "),
];
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];

/**
 * Imports the modules `ahead` up to the first of `left`. Null, or the first that must be left to the program and why:
 * it has run by then, so that this process cannot go on.
 */
export async function runAhead(host, ahead, left) {
  for (const target of ahead) {
    if (left.includes(target)) return null;
    const why = await faultOf(host, target);
    if (why !== null) return { target, why };
  }
  return null;
}

async function faultOf(host, target) {
  const before = leftBehind(host);
  const watch = host.watch?.() ?? watchCalls(host);
  let failed = null;
  try {
    failed = await failureOf(target);
  } finally {
    watch.end();
  }
  return watch.why() ?? failed ??
    (leftBehind(host) === before ? null : "it leaves open what it has opened, or a child");
}

/** Nothing waits for the import itself: a trace of what it runs would lead here. */
function failureOf(target) {
  return new Promise((resolve) => {
    import(target).then(() => resolve(null), (error) => {
      resolve(`it fails: ${error?.message ?? error}`);
    });
  });
}

/** For a runtime that says nothing of what is done in it. */
function watchCalls(host) {
  let why = null;
  const note = (what) => void (why ??= what);
  const restore = [
    replaced(console, ON_CONSOLE, () => note("it prints")),
    ...host.withTimers().map((one) => replaced(one, TIMERS, () => note("it starts a timer"))),
    replaced(globalThis, ["Worker"], () => note("it starts a worker")),
    ...host.writers().map((writer) =>
      replaced(writer, ["write", "writeSync"], () => note("it prints"))
    ),
  ];
  return {
    end() {
      for (const undo of restore) undo();
    },
    why: () => why,
  };
}

/** The sockets, pipes and files that are open beside the standard ones, and the children. */
function leftBehind(host) {
  const standard = standardLinks(host);
  const open = openLinks(host)
    .filter((link) => !standard.includes(link) && !/^anon_inode|^\/proc\//.test(link)).sort();
  const children = host.list("/proc/self/task").map((task) => {
    try {
      return host.read(`/proc/self/task/${task}/children`);
    } catch {
      return ""; // That thread is gone by now.
    }
  });
  return [...open, ...children].filter(Boolean).join("\n");
}

/** Has `told` called with each call of these functions of an object, or each making of these classes. */
function replaced(object, names, told) {
  const undo = names.flatMap((name) => {
    const own = Object.getOwnPropertyDescriptor(object, name);
    if (typeof object[name] !== "function") return [];
    const value = new Proxy(object[name], {
      apply(target, on, args) {
        told();
        return Reflect.apply(target, on, args);
      },
      construct(target, args, made) {
        told();
        return Reflect.construct(target, args, made);
      },
    });
    const enumerable = own?.enumerable === true;
    Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
    return [
      () => own === undefined ? delete object[name] : Object.defineProperty(object, name, own),
    ];
  });
  return () => undo.forEach((one) => one());
}
