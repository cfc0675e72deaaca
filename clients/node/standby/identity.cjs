"use strict";
/**
 * Who this process is: what baton compares a standby with.
 *
 * Every cold start asks it: what Node has to load first for that is not used. It reads UTF-8 in half a millisecond
 * less than anything else.
 */
const { readFileSync, readdirSync, readlinkSync } = require("fs");

/** Where the standard streams lead, in their order, and then what else is open. */
function streams() {
  const found = [];
  for (const number of readdirSync("/proc/self/fd").map(Number).sort((a, b) => a - b)) {
    try {
      const link = readlinkSync(`/proc/self/fd/${number}`);
      const isFile = link.startsWith("/") && !link.startsWith("/dev/") && !link.endsWith("/fd");
      if (number < 3 || isFile) found.push(link);
    } catch {
      // The folder itself was open for the list.
    }
  }
  return found;
}

/** What a program may change of itself: noted before that begins, and looked at where somebody asks who it is. */
function beginning() {
  return {
    cwd: process.cwd(),
    env: { ...process.env },
    commandLine: readFileSync("/proc/self/cmdline", "utf8"),
    io: readFileSync("/proc/self/io", "utf8"),
    streams: streams(),
  };
}

/** As the system was given it. */
function wordsOf({ commandLine }) {
  return commandLine.split("\0").slice(0, -1);
}

/** What the system tells of a process after its name: its parent is the second, its session the fourth. */
function statOf(pid) {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(")").pop().trim().split(" ");
}

function childrenOf(pid) {
  // Of this process only the thread that runs the program has had any by now.
  const tasks = pid === process.pid ? [pid] : readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean)
  );
}

/** Whether a process has reaped a child: their page faults are added to its own. */
function hasReaped(stat) {
  return Number(stat[8]) + Number(stat[10]) > 0;
}

/**
 * This process and those above it, up to the first that is not of its session: for each its pid, whether it has
 * reaped a child so far, how many it has, and what it runs.
 */
function lineage() {
  const rows = [];
  let session;
  for (let pid = process.pid; pid > 1;) {
    try {
      const stat = statOf(pid);
      if (session !== undefined && stat[3] !== session) break;
      session = stat[3];
      const executable = readlinkSync(`/proc/${pid}/exe`);
      rows.push(`${pid},${Number(hasReaped(stat))},${childrenOf(pid).length},${executable}`);
      pid = Number(stat[1]);
    } catch {
      rows.push(`${pid},1,0,?`);
      break;
    }
  }
  return rows;
}

/** Node itself has written at most that many bytes by now, to wake itself. */
const OWN_BYTES = 16;

/** Whether something was written since the system made this process: by what executed Node in its place. */
function hasWritten({ io }) {
  const [, written] = /wchar: (\d+)/.exec(io);
  return Number(written) > OWN_BYTES;
}

const UNFIT_OPTION =
  /^--(inspect|debug|watch|test($|=|-)|prof|cpu-prof|heap-|check$|interactive$|print|permission|experimental-permission|allow-|frozen-intrinsics|policy|experimental-policy|loader|experimental-loader|build-snapshot|snapshot-blob|report|redirect-warnings|diagnostic-dir|pending-deprecation|trace-(?!warnings|uncaught|deprecation)|perf-|experimental-sea|run|eval|input-type|preserve-symlinks|disable-proto|v8-|random[-_]seed|predictable)|^-[cipe]+$/;
const UNFIT_VARIABLE = [
  "NODE_DEBUG",
  "NODE_V8_COVERAGE",
  "NODE_PENDING_DEPRECATION",
  "NODE_REDIRECT_WARNINGS",
  "NODE_REPL_EXTERNAL_MODULE",
  "NODE_PRESERVE_SYMLINKS",
];

/** What makes a process unfit to wait. */
function oddities(options, env) {
  const given = options === "" ? [] : options.split(/\s+/);
  const option = [...process.execArgv, ...given].find((one) => UNFIT_OPTION.test(one));
  const found = [];
  if (option !== undefined) found.push(`it is started with ${option}`);
  if (process.argv[1] === undefined) found.push("it runs no file");
  const variable = UNFIT_VARIABLE.find((name) => env[name] !== undefined);
  if (variable !== undefined) found.push(`${variable} is set`);
  if (env.NODE_CHANNEL_FD !== undefined || process.connected) {
    found.push("it talks with the process that has started it");
  }
  if (process.versions.pnp !== undefined) found.push("Plug'n'Play finds its modules");
  return found;
}

/** `options` are those in the environment, without the one that has this hook loaded. */
function identity(options, first = beginning()) {
  const fields = [
    `${process.pid}`,
    process.execPath,
    first.cwd,
    wordsOf(first),
    lineage(),
    first.streams,
    hasWritten(first) ? "1" : "",
  ];
  return [...fields, oddities(options, first.env)];
}

module.exports = { beginning, identity, wordsOf, statOf, hasReaped };
