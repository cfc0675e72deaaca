import { type Files, PlatformError } from "../platform.ts";

type ProcFiles = Pick<Files, "readDir" | "readText" | "readLink">;

/** The state of a socket that listens (`TCP_LISTEN` in tcp_states.h). */
const LISTENS = "0A";

/** What is gone meanwhile, or another user's. */
const UNREADABLE = ["ENOENT", "ESRCH", "EACCES", "EPERM"];

/**
 * TCP ports that these processes listen on, from `/proc`. Ports that the system gives to whoever asks for any
 * are left out: another process gets another one.
 */
export function listeningPorts(files: ProcFiles, pids: readonly number[]): number[] {
  const inodes = new Set(pids.flatMap((pid) => socketsOf(files, pid)));
  const [first] = pids;
  // Of each process one is the pipe to baton.
  if (first === undefined || inodes.size <= 1) return [];
  const [from = 0, to = 0] = read(files, "/proc/sys/net/ipv4/ip_local_port_range").split("\t")
    .map(Number);
  const ports = ["tcp", "tcp6"].flatMap((name) =>
    read(files, `/proc/${first}/net/${name}`).split("\n")
  )
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENS && inodes.has(fields[9] ?? ""))
    .map((fields) => Number.parseInt(fields[1]?.split(":")[1] ?? "", 16));
  return [...new Set(ports)].filter((port) => port < from || port > to).sort((a, b) => a - b);
}

function socketsOf(files: ProcFiles, pid: number): string[] {
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
