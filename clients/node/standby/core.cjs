"use strict";
/** What every import can reach: the globals, and the modules of Node itself. */
const Module = require("module");
const { watched } = require("./settings.cjs");

/** What is patched most. They are all there before anything is loaded ahead, so that a change of theirs is seen. */
const BUILTINS = [
  ..."assert assert/strict async_hooks buffer child_process cluster console crypto dgram".split(
    " ",
  ),
  ..."diagnostics_channel dns dns/promises events fs fs/promises http https inspector".split(
    " ",
  ),
  ..."net os path path/posix path/win32 perf_hooks querystring readline readline/promises".split(
    " ",
  ),
  ..."stream stream/consumers stream/promises stream/web string_decoder timers timers/promises"
    .split(" "),
  ..."tls tty url util util/types v8 vm worker_threads zlib".split(" "),
];

/** What changes by itself, or is compared in another way. */
const OF_PROCESS = [
  ..."_events _eventsCount mainModule exitCode _exiting title env argv execArgv moduleLoadList"
    .split(" "),
  ..."binding domain".split(" "),
];

function core() {
  const named = [["globalThis", globalThis], ["process", process], ["Module", Module]];
  for (const name of BUILTINS) named.push([name, require(name)]);
  const skipped = new Set([
    Module._cache,
    Module._pathCache,
    process.env,
    process.argv,
    process.execArgv,
    process.moduleLoadList,
    process._events,
  ]);
  const ignored = new Map([
    [process, new Set(OF_PROCESS)],
    [Module, new Set(["_cache", "_pathCache"])],
    // Node keeps there what it sends requests with, from the first look at `fetch` on.
    [globalThis, new Set([Symbol.for("undici.globalDispatcher.1")])],
    // Node notes there which file is the first.
    [Module.prototype.require, new Set(["main"])],
  ]);
  for (const [object, names] of watched()) {
    ignored.set(object, new Set([...ignored.get(object) ?? [], ...names]));
  }
  return { named, skipped, ignored };
}

module.exports = { core };
