import { type Files, PlatformError } from "../platform.ts";
import type { SocketUse } from "../sockets.ts";
import { tcpListenersIn } from "./tcp_listeners.ts";

type ProcFiles = Pick<Files, "readDir" | "readText" | "readLink">;

/** A TCP socket that listens, as `/proc/net/tcp` has it. */
interface ListeningSocket {
  readonly inode: string;
  readonly port: number;
  /** Connections that nobody has accepted. */
  readonly waiting: number;
}

/** What processes do with sockets, from `/proc`. Processes that may not be looked into do nothing. */
export function socketTable(files: ProcFiles) {
  function listening(): ListeningSocket[] {
    return ["tcp", "tcp6"]
      .flatMap((name) => orElse([], () => tcpListenersIn(`/proc/net/${name}`)))
      .map((fields) => ({
        inode: fields[9]!,
        port: Number.parseInt(fields[1]!.split(":")[1]!, 16),
        waiting: Number.parseInt(fields[4]!.split(":")[1]!, 16),
      }));
  }

  function open(pid: number): { name: string; link: string }[] {
    const folder = `/proc/${pid}/fd`;
    return orElse([], () => files.readDir(folder))
      .map(({ name }) => ({ name, link: orElse("", () => files.readLink(`${folder}/${name}`)) }));
  }

  /** An event queue lists what it watches, with its inode in hexadecimal digits. */
  function isPolledBy(pid: number, inode: string): boolean {
    const entry = new RegExp(`^tfd:.*\\bino:${Number(inode).toString(16)}\\b`, "m");
    return open(pid).filter(({ link }) => link === "anon_inode:[eventpoll]")
      .some(({ name }) =>
        entry.test(orElse("", () => files.readText(`/proc/${pid}/fdinfo/${name}`)))
      );
  }

  function pids(): number[] {
    return orElse([], () => files.readDir("/proc")).map(({ name }) => Number(name))
      .filter(Number.isInteger);
  }

  const has = (pid: number, inode: string) =>
    open(pid).some(({ link }) => link === `socket:[${inode}]`);

  return {
    listeners(port: number): number[] {
      const inodes = listening().filter((socket) => socket.port === port)
        .map(({ inode }) => inode);
      return inodes.length === 0
        ? []
        : pids().filter((pid) => inodes.some((inode) => has(pid, inode)));
    },

    use(inode: string, among: readonly number[] = pids()): SocketUse {
      const holders = among.filter((pid) => has(pid, inode));
      return {
        holders,
        isPolled: holders.some((pid) => isPolledBy(pid, inode)),
        waiting: listening().find((socket) => socket.inode === inode)?.waiting ?? null,
      };
    },

    ports(among: readonly number[]): number[] {
      const links = new Set(among.flatMap((pid) => open(pid).map(({ link }) => link)));
      const ports = listening().filter(({ inode }) => links.has(`socket:[${inode}]`))
        .map(({ port }) => port);
      return [...new Set(ports)].sort((a, b) => a - b);
    },
  };
}

/** Processes end, and close files, while they are looked at; others are another user's. */
function orElse<T>(nothing: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof PlatformError) return nothing;
    throw error;
  }
}
