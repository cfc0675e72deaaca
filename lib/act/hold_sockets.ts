import { basename, resolve as absolute } from "@std/path";
import { formatListenAddress } from "../configure/listen_address.ts";
import { BatonError, type Explanation } from "../errors.ts";
import { type Platform, PlatformError, type SocketAddress } from "../platform/platform.ts";
import { type ListenAddress, LOOPBACK, type Settings } from "../settings.ts";
import { HeldSockets, type NamedSocket } from "./held_sockets.ts";

type Outside = Pick<Platform, "sockets" | "processes" | "files" | "name">;

const LONGEST_COMMAND = 100;

/** Opens what the program is to listen on. Throws `BatonError` where one cannot be opened; then none stays open. */
export async function holdSockets(
  platform: Outside,
  { listen, cwd }: Pick<Settings, "listen" | "cwd">,
): Promise<HeldSockets> {
  const opened: NamedSocket[] = [];
  try {
    for (const address of listen) opened.push(await open(platform, address, cwd));
  } catch (error) {
    for (const socket of opened) socket.close();
    throw error;
  }
  return new HeldSockets(platform, opened);
}

async function open(
  platform: Outside,
  asked: ListenAddress,
  cwd: string,
): Promise<NamedSocket> {
  const address = await addressOf(platform, asked, cwd);
  try {
    const socket = platform.sockets.listen(address);
    return {
      ...socket,
      name: nameOf(address, socket.port),
      address: formatListenAddress(
        address.kind === "unix" ? address : { ...address, port: socket.port ?? 0 },
      ),
    };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw new BatonError(
      { where: `--listen ${formatListenAddress(asked)}`, ...explain(platform, address, error) },
      { cause: error },
    );
  }
}

/** A name in `LISTEN_FDNAMES` has no colon. */
function nameOf(address: SocketAddress, port: number | null): string {
  return address.kind === "tcp" ? String(port) : basename(address.path).replaceAll(":", "_");
}

async function addressOf(
  { sockets }: Outside,
  asked: ListenAddress,
  cwd: string,
): Promise<SocketAddress> {
  if (asked.kind === "unix") return { kind: "unix", path: absolute(cwd, asked.path) };
  const [host] = await sockets.resolve(asked.host);
  if (host !== undefined) return { ...asked, host };
  throw new BatonError({
    what: `Cannot listen at "${asked.host}": no such host`,
    where: `--listen ${formatListenAddress(asked)}`,
    next: `Name an address of this machine, or leave the host out for ${LOOPBACK}`,
  });
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
