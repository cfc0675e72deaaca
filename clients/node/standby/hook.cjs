"use strict";
/*
 * Run by Node at its start under baton, which adds it to NODE_OPTIONS: learns for a process that waits, or is one;
 * see `docs/standby.md`. The program finds neither it nor its option. Old versions of Node must be able to read it.
 */
const Module = module.constructor;

/** These run the program in a process of its own, and are let pass. */
const WRAPPER =
  /(^|\/)(npm-cli\.js|npx-cli\.js|npm|npx|pnpm(\.[cm]?js)?|pnpx(\.[cm]?js)?|yarn(\.js|pkg)?|yarn-[\d.]+\.c?js|corepack(\.js)?|cross-env(-shell)?(\.js)?)$/;
const OLDEST = 20;

/** Leaves to the program what was in NODE_OPTIONS before baton was; returns that. */
function takeOut() {
  const given = process.env.NODE_OPTIONS || "";
  const named = [JSON.stringify(__filename), __filename].map((name) => `--require=${name}`);
  const own = named.find((option) => given.indexOf(option) >= 0);
  if (own === undefined) return given;
  const at = given.indexOf(own);
  const rest = given.slice(0, at) + given.slice(at + own.length).replace(/^ /, "");
  if (rest === "") delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
  return rest;
}

function run() {
  const options = takeOut();
  const [how, view, held] = (process.env.BATON_STANDBY || "").split("\n");
  delete process.env.BATON_STANDBY;
  const [mode] = how.split(":");
  const place = how.slice(mode.length + 1);
  if (mode === "") return;
  try {
    if (parseInt(process.versions.node, 10) < OLDEST || process.versions.bun) {
      throw new Error("No standby for this Node");
    }
    const { begin } = view ? require("./view.cjs") : { begin: () => {} };
    const begun = () => begin(view);
    if (mode === "park") {
      return require("./park.cjs").park(place, options, view || "", held || "", begun);
    }
    if (mode === "learn") require("./learn.cjs").begin(place, options);
    begun();
  } catch (_) {
    // Nothing is learned then. What was to be parked must not run: it would be a second instance of the program.
    if (mode === "park") process.reallyExit(98);
  }
}

/** What is loaded of this folder is in no cache. */
function forget() {
  for (const cache of [Module._cache, Module._pathCache]) {
    for (const key of Object.keys(cache)) {
      if (key.indexOf(__dirname) >= 0) delete cache[key];
    }
  }
  const others = module.parent ? module.parent.children : [];
  if (others.indexOf(module) >= 0) others.splice(others.indexOf(module), 1);
}

if (!WRAPPER.test(process.argv[1] || "")) run();
else if ((process.env.BATON_STANDBY || "").startsWith("park:")) {
  require("./hold_output.cjs").begin();
}
forget();
