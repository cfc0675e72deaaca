"use strict";
/** Who this process is: what baton compares a standby with. */
const fs = require("fs");

/** As the system was given it. */
function commandLine() {
  return fs.readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
}

/** What the system tells of a process after its name: its parent is the second, its session the fourth. */
function statOf(pid) {
  return fs.readFileSync(`/proc/${pid}/stat`, "latin1").split(")").pop().trim().split(" ");
}

function childrenOf(pid) {
  return fs.readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    fs.readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean)
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
      const executable = fs.readlinkSync(`/proc/${pid}/exe`);
      rows.push(`${pid},${Number(hasReaped(stat))},${childrenOf(pid).length},${executable}`);
      pid = Number(stat[1]);
    } catch {
      rows.push(`${pid},1,0,?`);
      break;
    }
  }
  return rows;
}

/** Where the standard streams lead, in their order, and then what else is open. */
function streams() {
  const numbers = fs.readdirSync("/proc/self/fd").map(Number).sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    try {
      const link = fs.readlinkSync(`/proc/self/fd/${number}`);
      const isFile = link.startsWith("/") && !link.startsWith("/dev/") && !link.endsWith("/fd");
      return number < 3 || isFile ? [link] : [];
    } catch {
      return []; // The folder itself was open for the list.
    }
  });
}

/** Node itself has written at most that many bytes by now, to wake itself. */
const OWN_BYTES = 16;

/** Whether something was written since the system made this process: by what executed Node in its place. */
function hasWritten() {
  const [, written] = /wchar: (\d+)/.exec(fs.readFileSync("/proc/self/io", "latin1"));
  return Number(written) > OWN_BYTES;
}

const UNFIT_OPTION =
  /^--(inspect|debug|watch|test($|=|-)|prof|cpu-prof|heap-|check$|interactive$|print|permission|experimental-permission|allow-|frozen-intrinsics|policy|experimental-policy|loader|experimental-loader|build-snapshot|snapshot-blob|report|redirect-warnings|diagnostic-dir|pending-deprecation|trace-(?!warnings|uncaught|deprecation)|perf-|experimental-sea|run|eval|input-type|preserve-symlinks|disable-proto|v8-)|^-[cipe]+$/;
const UNFIT_VARIABLE = [
  "NODE_DEBUG",
  "NODE_V8_COVERAGE",
  "NODE_PENDING_DEPRECATION",
  "NODE_REDIRECT_WARNINGS",
  "NODE_REPL_EXTERNAL_MODULE",
  "NODE_PRESERVE_SYMLINKS",
];

/** What makes a process unfit to wait. */
function oddities(options) {
  const option = [...process.execArgv, ...options.split(/\s+/)].find((one) =>
    UNFIT_OPTION.test(one)
  );
  const found = [];
  if (option !== undefined) found.push(`it is started with ${option}`);
  if (process.argv[1] === undefined) found.push("it runs no file");
  const variable = UNFIT_VARIABLE.find((name) => process.env[name] !== undefined);
  if (variable !== undefined) found.push(`${variable} is set`);
  if (process.env.NODE_CHANNEL_FD !== undefined || process.connected) {
    found.push("it talks with the process that has started it");
  }
  if (process.versions.pnp !== undefined) found.push("Plug'n'Play finds its modules");
  return found;
}

/** `options` are those in the environment, without the one that has this hook loaded. */
function identity(options) {
  const fields = [
    `${process.pid}`,
    process.execPath,
    process.cwd(),
    commandLine(),
    lineage(),
    streams(),
    hasWritten() ? "1" : "",
  ];
  return [...fields, oddities(options)];
}

module.exports = { identity, commandLine, statOf, hasReaped };
