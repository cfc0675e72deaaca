import { type Files, PlatformError } from "../platform.ts";

type ProcFiles = Pick<Files, "readDir" | "readText" | "readLink">;

/** The state of a TCP socket that listens (`TCP_LISTEN` in tcp_states.h). */
const LISTENS = "0A";
/** The flag of a Unix domain socket that listens (`__SO_ACCEPTCON` in net.h). */
const ACCEPTS = 0x10000;
/** Sockets of Python's `multiprocessing`, each with a name of its own. */
const OF_ONE_PROCESS = /\/pymp-[^/]*\//;

/** What is gone meanwhile, or another user's. */
const UNREADABLE = ["ENOENT", "ESRCH", "EACCES", "EPERM"];

/**
 * What these processes listen on that another could not, from `/proc`: `port 8000`, `UDP port 5300`, or the
 * path of a Unix domain socket. UDP ports that the system gives to whoever asks for any are left out: every
 * client has one. One cannot tell whether a TCP port was asked for by its number, so all of them count.
 */
export function listeningSockets(files: ProcFiles, pids: readonly number[]): string[] {
  const inodes = new Set(pids.flatMap((pid) => inodesOf(files, pid)));
  const [first] = pids;
  // One is the pipe to baton.
  if (first === undefined || inodes.size <= 1) return [];
  const rows = (name: string) =>
    read(files, `/proc/${first}/net/${name}`).split("\n").map((row) => row.trim().split(/\s+/));
  const isOwn = (inode: string | undefined) => inode !== undefined && inodes.has(inode);
  const tcp = ["tcp", "tcp6"].flatMap(rows).filter(([, , , state, ...rest]) =>
    state === LISTENS && isOwn(rest[5])
  );
  const udp = ["udp", "udp6"].flatMap(rows).filter((row) => isOwn(row[9]));
  const unix = rows("unix").filter(([, , , flags = "", , , inode]) =>
    (Number.parseInt(flags, 16) & ACCEPTS) !== 0 && isOwn(inode)
  ).map((row) => row[7] ?? "").filter((path) => path.startsWith("/") && !OF_ONE_PROCESS.test(path));
  const range = read(files, "/proc/sys/net/ipv4/ip_local_port_range").split("\t").map(Number);
  const [from = 0, to = 0] = range;
  return [
    ...portsOf(tcp).map((port) => `port ${port}`),
    ...portsOf(udp).filter((port) => port < from || port > to).map((port) => `UDP port ${port}`),
    ...unix,
  ];
}

/** The local ports of such rows, ascending. */
function portsOf(rows: readonly string[][]): number[] {
  const ports = rows.map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
  return [...new Set(ports)].filter((port) => port > 0).sort((a, b) => a - b);
}

function inodesOf(files: ProcFiles, pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readable(() => files.readDir(folder), [])
    .map(({ name }) => readable(() => files.readLink(`${folder}/${name}`), ""))
    .flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

function read(files: ProcFiles, path: string): string {
  return readable(() => files.readText(path), "");
}

function readable<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PlatformError && UNREADABLE.includes(error.code)) return otherwise;
    throw error;
  }
}
