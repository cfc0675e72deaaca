import { basename, resolve as absolute } from "@std/path";
import { formatListenAddress } from "../configure/listen_address.ts";
import { type Platform, PlatformError, type SocketAddress } from "../platform/platform.ts";
import type { ListenAddress, Settings } from "../settings.ts";
import { cannotListen, ipAddressOf } from "./cannot_listen.ts";
import { HeldSockets, type NamedSocket } from "./held_sockets.ts";

type Outside = Pick<Platform, "sockets" | "processes" | "files" | "name">;

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
    throw cannotListen(platform, "--listen", asked, address, error);
  }
}

/** A name in `LISTEN_FDNAMES` has no colon. */
function nameOf(address: SocketAddress, port: number | null): string {
  return address.kind === "tcp" ? String(port) : basename(address.path).replaceAll(":", "_");
}

async function addressOf(
  platform: Outside,
  asked: ListenAddress,
  cwd: string,
): Promise<SocketAddress> {
  return asked.kind === "unix"
    ? { kind: "unix", path: absolute(cwd, asked.path) }
    : { ...asked, host: await ipAddressOf(platform, asked, "--listen") };
}
