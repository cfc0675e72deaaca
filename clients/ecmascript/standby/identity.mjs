/** Who this process is: what baton compares a standby with. */

/** Of a process, after its name: its parent is the second, its session the fourth. */
function statOf(host, pid) {
  return host.read(`/proc/${pid}/stat`).split(")").pop().trim().split(" ");
}

/** Baton starts each process in a session of its own. */
export const isLeader = (host) => Number(statOf(host, host.pid)[3]) === host.pid;

function childrenOf(host, pid) {
  return host.list(`/proc/${pid}/task`).flatMap((task) =>
    host.read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean)
  );
}

/** This process and those above it in its session: pid, whether it has reaped a child, how many it has, what it runs. */
function lineage(host) {
  const rows = [];
  let session;
  for (let pid = host.pid; pid > 1;) {
    try {
      const stat = statOf(host, pid);
      if (session !== undefined && stat[3] !== session) break;
      session = stat[3];
      const hasReaped = Number(stat[8]) + Number(stat[10]) > 0;
      const children = childrenOf(host, pid).length;
      rows.push(`${pid},${Number(hasReaped)},${children},${host.link(`/proc/${pid}/exe`)}`);
      pid = Number(stat[1]);
    } catch {
      rows.push(`${pid},1,0,?`);
      break;
    }
  }
  return rows;
}

/** Variables by which something happens before the program, or beside it. */
const UNFIT_VARIABLE = [
  ..."NODE_OPTIONS BUN_OPTIONS BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO".split(" "),
  ..."BUN_INSPECT_NOTIFY BUN_CONFIG_VERBOSE_FETCH DENO_COVERAGE_DIR DENO_UNSTABLE_CONTROL_SOCK"
    .split(" "),
];

/** What standard input, output and error lead to. */
export const standardLinks = (host) =>
  [0, 1, 2].map((number) => host.link(`/proc/self/fd/${number}`));

/** What makes a process unfit to wait. */
function oddities(host) {
  const variable = UNFIT_VARIABLE.find((name) => host.env(name));
  const found = [...host.oddities()];
  if (variable !== undefined) found.push(`${variable} is set`);
  return found;
}

/** `file` is named by the option that baton has put in. */
export function identity(host, file) {
  const words = host.read("/proc/self/cmdline").split("\0").slice(0, -1);
  return [
    `${host.pid}`,
    host.link("/proc/self/exe"),
    host.cwd(),
    words.filter((word) => word !== `--preload=${file}`),
    lineage(host),
    standardLinks(host),
    "", // Each writes to files of its own by now. Nothing stands above it that could have written more.
    oddities(host),
  ];
}
