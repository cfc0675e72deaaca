import { formatListenAddress } from "../configure/listen_address.ts";
import { BatonError, type Explanation } from "../errors.ts";
import type { Platform, PlatformError, SocketAddress } from "../platform/platform.ts";
import { type ListenAddress, LOOPBACK } from "../settings.ts";

type Outside = Pick<Platform, "sockets" | "processes" | "files">;
type TcpAddress = Extract<ListenAddress, { kind: "tcp" }>;

const LONGEST_COMMAND = 100;

/** The IP address of the host that was asked for with `option`. Throws `BatonError` where it has none. */
export async function ipAddressOf(
  { sockets }: Pick<Platform, "sockets">,
  asked: TcpAddress,
  option: string,
): Promise<string> {
  const [host] = await sockets.resolve(asked.host);
  if (host !== undefined) return host;
  throw new BatonError({
    what: `Cannot listen at "${asked.host}": no such host`,
    where: `${option} ${formatListenAddress(asked)}`,
    next: `Name an address of this machine, or leave the host out for ${LOOPBACK}`,
  });
}

/** Why it cannot be listened at `address`, which was asked for with `option`. */
export function cannotListen(
  platform: Outside,
  option: string,
  asked: ListenAddress,
  address: SocketAddress,
  error: PlatformError,
): BatonError {
  const where = `${option} ${formatListenAddress(asked)}`;
  return new BatonError({ where, ...explain(platform, address, error) }, { cause: error });
}

function explain(platform: Outside, address: SocketAddress, error: PlatformError): Explanation {
  const what = `Cannot listen at "${
    address.kind === "unix" ? address.path : formatListenAddress(address)
  }"`;
  return address.kind === "unix"
    ? explainUnix(platform, what, address.path, error)
    : explainTcp(platform, what, address, error);
}

function explainTcp(
  platform: Outside,
  what: string,
  { host, port }: { host: string; port: number },
  { code, message }: PlatformError,
): Explanation {
  if (code === "EADDRINUSE") {
    const [pid] = platform.sockets.listeners(port);
    return {
      what: pid === undefined
        ? `${what}: the port is in use, by a process that cannot be looked into`
        : `${what}: the port is in use by process ${pid}, "${commandOf(platform, pid)}"`,
      next: `${pid === undefined ? "" : `Stop it ("kill ${pid}"), or `}${
        pid === undefined ? "Choose" : "choose"
      } another port; 0 picks a free one`,
    };
  }
  if (code === "EACCES" || code === "EPERM") {
    return {
      what: `${what}: ports below 1024 are for root`,
      next:
        `Choose one from 1024 on, or let everybody have it: "sysctl net.ipv4.ip_unprivileged_port_start=${port}"`,
    };
  }
  if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") {
    return {
      what: `${what}: this machine has no address ${host}`,
      next: `Name one that it has, or leave the host out for ${LOOPBACK}`,
    };
  }
  return otherwise(what, code, message);
}

function explainUnix(
  { files }: Outside,
  what: string,
  path: string,
  { code, message }: PlatformError,
): Explanation {
  if (code === "EADDRINUSE") {
    const kind = files.lstat(path)?.kind === "other" ? "a socket" : "a file";
    return {
      what: `${what}: ${kind} is there already`,
      next:
        `Stop who listens there, or remove what was left ("rm ${path}"), or choose another path`,
    };
  }
  if (code === "ENAMETOOLONG") {
    const why = message.slice(message.lastIndexOf(": ") + 2);
    return { what: `${what}: ${why}`, next: "Choose a shorter one, as in unix:/tmp/app.sock" };
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    return { what: `${what}: its folder is not there`, next: "Make it, or choose another path" };
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return {
      what: `${what}: its folder cannot be written to (${code})`,
      next: "Choose a path in a folder of your own",
    };
  }
  return otherwise(what, code, message);
}

function otherwise(what: string, code: string, message: string): Explanation {
  return code === "ENOTSUP"
    ? {
      what: `${what}: baton holds sockets through the C library, and cannot call it here`,
      next: 'Leave "--listen" out and let the program open its own; glibc is needed for this',
    }
    : { what: `${what}: ${message}`, next: "Choose another address, or leave it out" };
}

function commandOf({ processes }: Outside, pid: number): string {
  return processes.commandLine(pid).slice(0, LONGEST_COMMAND) || "?";
}
