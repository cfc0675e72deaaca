import type { ClientHost } from "./host.ts";

/** Which socket is meant, and where to listen where baton holds none. */
export interface ListenerOptions {
  /** As in `LISTEN_FDNAMES`: the port, or the file of a Unix socket; the first one unless set. */
  readonly name?: string | undefined;
  /** Where none is held: without it that is an error. */
  readonly port?: number | undefined;
  /** Where none is held; `127.0.0.1` unless set. */
  readonly host?: string | undefined;
}

/** What `listen` of a Node server takes. */
export type ListenTarget =
  | { readonly fd: number }
  | { readonly port: number; readonly host: string };

/** The first, as sd_listen_fds(3) has it. */
const FIRST = 3;

/** Throws `Error` with the next step where there is no such socket, or the runtime cannot adopt one. */
export function findListener(
  host: Pick<ClientHost, "env" | "pid" | "cannotAdopt">,
  { name, port, host: address = "127.0.0.1" }: ListenerOptions = {},
): ListenTarget {
  const names = namesOf(host);
  if (names.length === 0) {
    if (port !== undefined) return { port, host: address };
    throw new Error("No socket is held: start baton with --listen PORT, or name a port to bind");
  }
  const index = name === undefined ? 0 : names.indexOf(name);
  if (index < 0) throw new Error(`No socket "${name}" is held, but "${names.join('", "')}"`);
  if (host.cannotAdopt !== null) throw new Error(host.cannotAdopt);
  return { fd: FIRST + index };
}

/** Of the sockets, in their order. Baton's may go through a shell or another launcher, which has another pid. */
function namesOf({ env, pid }: Pick<ClientHost, "env" | "pid">): string[] {
  const isOurs = env("BATON_VERSION") !== undefined || env("LISTEN_PID") === String(pid);
  const names = env("LISTEN_FDNAMES")?.split(":") ?? [];
  const count = isOurs ? Number(env("LISTEN_FDS") ?? 0) : 0;
  return Array.from({ length: count }, (_, index) => names[index] ?? "");
}
