/**
 * What a program can see of its process, written down once it has come to rest.
 *
 * For `BATON_STANDBY=verify` and for tests: the same program is looked at where it was started cold and where it
 * comes from standby. Who looks is a timer, there in both, that keeps nothing alive.
 */
import { openLinks } from "./descriptors.mjs";

const STEP_MS = 100;
const REST_MS = 600;
const LONGEST_MS = 20_000;
const BUSY_MS = 10;

const { getOwnPropertyNames } = Object;

function linesOf(host, path, ...beginnings) {
  return host.read(path).split("\n").filter((line) =>
    beginnings.some((one) => line.startsWith(one))
  );
}

/** Everything that can be seen at once; what a program sees of Bun or Deno alone is told by `host`. */
export function seen(host) {
  const env = Object.entries(host.environment());
  return {
    ...host.seen(),
    "environment": env.filter(([name]) => !name.startsWith("BATON_")),
    "environment's order": env.map(([name]) => name).filter((name) => name !== "BATON_STANDBY"),
    "folder": host.cwd(),
    "first": host.entry(),
    "descriptors": openLinks(host).map((link) => link.split(/[:\d]/)[0]).sort(),
    "status": linesOf(host, "/proc/self/status", "Umask", "SigIgn", "SigBlk", "SigCgt"),
    "title": host.read("/proc/self/comm"),
    "score": host.read("/proc/self/oom_score_adj"),
    "globals": getOwnPropertyNames(globalThis),
    "prototypes": [Object, Function, Array, String, Number, Promise, Error, Map, Set, RegExp, Date]
      .map((one) => [getOwnPropertyNames(one), getOwnPropertyNames(one.prototype)]),
    "errors": [Error.stackTraceLimit, typeof Error.prepareStackTrace],
  };
}

const CLOCK_TICK_MS = 10;

/** The processor time of this process, in milliseconds. */
function used(host) {
  const fields = host.read("/proc/self/stat").split(")").pop().trim().split(" ");
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

/** Writes it to a file, beside itself first. */
export function begin(host, path) {
  const endsAt = performance.now() + LONGEST_MS;
  let before = used(host);
  let quietMs = 0;
  const look = () => {
    const now = used(host);
    quietMs = now - before <= BUSY_MS ? quietMs + STEP_MS : 0;
    before = now;
    if (quietMs < REST_MS && performance.now() < endsAt) return host.later(look, STEP_MS);
    host.write(`${path}.new`, JSON.stringify(seen(host)));
    host.rename(`${path}.new`, path);
  };
  host.later(look, STEP_MS);
}
