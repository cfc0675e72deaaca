import { nodeTcp } from "../node/tcp.ts";
import { PlatformError } from "../platform.ts";
import type { Tcp } from "../tcp.ts";

interface BunSockets {
  listen(options: { hostname: string; port: number; socket: { data(): void } }): {
    readonly port: number;
    stop(closeActive: boolean): void;
  };
}

/**
 * TCP through `node:net`; Bun's own `listen` says at once whether a port can be had. Node itself, on which the npm
 * package runs baton where it has no executable, has nothing that does.
 */
export const bunTcp: Tcp = nodeTcp((hostname, port) => {
  const { Bun } = globalThis as unknown as { Bun?: BunSockets };
  if (Bun === undefined) throw new PlatformError("ENOSYS", "baton holds no port on Node");
  const listener = Bun.listen({ hostname, port, socket: { data: () => {} } });
  listener.stop(true);
  return listener.port;
});
