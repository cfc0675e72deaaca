import { type Files, PlatformError } from "../platform.ts";
import type { ListeningDescriptor } from "../sockets.ts";
import { spareDescriptor } from "./spare_descriptor.ts";
import { tcpListenersIn } from "./tcp_listeners.ts";

type ProcFiles = Pick<Files, "readDir" | "readText" | "readLink">;

const TCP = ["tcp", "tcp6"] as const;
/** The flag of a Unix domain socket that listens (`__SO_ACCEPTCON` in net.h). */
const ACCEPTS = 0x10000;
/** Sockets of Python's `multiprocessing`, each with a name of its own. */
const OF_ONE_PROCESS = /\/pymp-[^/]*\//;

/** What is gone meanwhile, or another user's; or there is no room for one more open file. */
const UNREADABLE = ["ENOENT", "ESRCH", "EACCES", "EPERM", "EMFILE", "ENFILE"];

/**
 * What these processes listen on that another could not, from `/proc`: `port 8000`, `UDP port 5300`, or the
 * path of a Unix domain socket. UDP ports that the system gives to whoever asks for any are left out: every
 * client has one. One cannot tell whether a TCP port was asked for by its number, so all of them count.
 */
export function listeningSockets(files: ProcFiles, pids: readonly number[]): string[] {
  const inodes = new Set(pids.flatMap((pid) => openSockets(files, pid).map(({ inode }) => inode)));
  const [first] = pids;
  // One is the pipe to baton.
  if (first === undefined || inodes.size <= 1) return [];
  const isOwn = (inode: string | undefined) => inode !== undefined && inodes.has(inode);
  const tcp = TCP.flatMap((table) => tcpListeners(first, table)).filter((row) => isOwn(row[9]));
  const udp = ["udp", "udp6"].flatMap((name) => rows(files, first, name))
    .filter((row) => isOwn(row[9]));
  const unix = rows(files, first, "unix").filter((row) => isOwn(row[6]) && isUnixListener(row))
    .map((row) => row[7]!);
  const range = read(files, "/proc/sys/net/ipv4/ip_local_port_range").split("\t").map(Number);
  const [from = 0, to = 0] = range;
  return [
    ...portsOf(tcp).map((port) => `port ${port}`),
    ...portsOf(udp).filter((port) => port < from || port > to).map((port) => `UDP port ${port}`),
    ...unix,
  ];
}

/** Each descriptor of these processes by which one of them listens, over TCP or at a path. */
export function listeningDescriptors(
  files: ProcFiles,
  pids: readonly number[],
): ListeningDescriptor[] {
  const [first] = pids;
  if (first === undefined) return [];
  const open = pids.flatMap((pid) => openSockets(files, pid).map((socket) => ({ ...socket, pid })));
  const unix = rows(files, first, "unix");
  const places = new Map(
    unix.filter(isUnixListener).map((row) => [row[6]!, row[7]!]),
  );
  const others = new Set(open.map(({ inode }) => inode)).difference(
    new Set(unix.map((row) => row[6])),
  );
  for (const table of TCP) {
    if (others.size === 0) break; // To learn that nobody listens takes longest.
    for (const row of tcpListeners(first, table)) {
      const inode = row[9] ?? "";
      if (others.delete(inode)) places.set(inode, `port ${portsOf([row])[0]}`);
    }
  }
  return open.filter(({ inode }) => places.has(inode)).map(({ pid, path, inode }) => ({
    pid,
    inode,
    place: places.get(inode)!,
    isOpen: () => readable(() => files.readLink(path), "") === `socket:[${inode}]`,
  }));
}

/** The rows of a table of sockets, as a process sees it. */
function rows(files: ProcFiles, pid: number, table: string): string[][] {
  return read(files, `/proc/${pid}/net/${table}`).split("\n").map((row) => row.trim().split(/\s+/));
}

function tcpListeners(pid: number, table: typeof TCP[number]): string[][] {
  return readable(() => tcpListenersIn(`/proc/${pid}/net/${table}`), []);
}

function isUnixListener([, , , flags = "", , , , path = ""]: readonly string[]): boolean {
  return (Number.parseInt(flags, 16) & ACCEPTS) !== 0 && path.startsWith("/") &&
    !OF_ONE_PROCESS.test(path);
}

/** The local ports of such rows, ascending. */
function portsOf(rows: readonly string[][]): number[] {
  const ports = rows.map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
  return [...new Set(ports)].filter((port) => port > 0).sort((a, b) => a - b);
}

function openSockets(files: ProcFiles, pid: number): { path: string; inode: string }[] {
  const folder = `/proc/${pid}/fd`;
  return readable(() => files.readDir(folder), []).flatMap(({ name }) => {
    const path = `${folder}/${name}`;
    const link = readable(() => files.readLink(path), "");
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    return inode === undefined ? [] : [{ path, inode }];
  });
}

function read(files: ProcFiles, path: string): string {
  return readable(() => files.readText(path), "");
}

function readable<T>(run: () => T, otherwise: T): T {
  try {
    return spareDescriptor.use(run);
  } catch (error) {
    if (error instanceof PlatformError && UNREADABLE.includes(error.code)) return otherwise;
    throw error;
  }
}
