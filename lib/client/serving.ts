/** Servers as components: each runtime's ends in its own way, with no request under way lost. */
import type { Baton } from "./baton.ts";

/** A server of Node's `http` and what is built on it (Express, Fastify's `server`, Hono's on Node), also in Bun and Deno. */
export interface NodeServer {
  /** Whether it takes connections. */
  readonly listening: boolean;
  /** Calls `listener` when it does. */
  once(event: "listening", listener: () => void): unknown;
  /** Takes no more connections, and calls `closed` when there are none. */
  close(closed: () => void): unknown;
  /** Ends those that are only kept alive. */
  closeIdleConnections?(): void;
}

/** What `Deno.serve` returns. */
export interface DenoServer {
  /** Resolves when everything under way is answered. */
  shutdown(): Promise<void>;
}

/** What `Bun.serve` returns. */
export interface BunServer {
  /** How many requests are under way. */
  readonly pendingRequests: number;
  /** Takes no more connections; with `true` it ends those that there are. */
  stop(closeActiveConnections?: boolean): unknown;
}

/** What `serve` takes. */
export type Server = NodeServer | DenoServer | BunServer;

/** What `serve` may be told beside the server. */
export interface ServeOptions {
  /** Of the component; `http` unless set. */
  readonly name?: string | undefined;
  /** How long it may take to end, in whole milliseconds; 5,000 unless set. */
  readonly timeoutMs?: number | undefined;
}

/** How often it is looked whether anything is under way still, in milliseconds. */
const LOOK_MS = 3;

/** Takes no more requests, and resolves when what was asked before is answered. */
export async function stopServing(server: Server): Promise<void> {
  if ("shutdown" in server) return await server.shutdown();
  if ("pendingRequests" in server) return await stopBun(server);
  await new Promise<void>((resolve) => {
    // Connections that are kept alive would keep it waiting, each from when it becomes idle.
    const looking = setInterval(() => server.closeIdleConnections?.(), LOOK_MS);
    server.close(() => {
      clearInterval(looking);
      resolve();
    });
    server.closeIdleConnections?.();
  });
}

async function stopBun(server: BunServer): Promise<void> {
  server.stop();
  while (server.pendingRequests > 0) await new Promise((next) => setTimeout(next, LOOK_MS));
  server.stop(true); // Connections that are kept alive.
}

/** Declares it as a component that serves, and says `ready` once it listens. */
export function serve(
  baton: Pick<Baton, "component" | "ready">,
  server: Server,
  { name = "http", timeoutMs }: ServeOptions = {},
): void {
  baton.component(name, () => stopServing(server), { timeoutMs, serves: true });
  if ("listening" in server && !server.listening) server.once("listening", () => baton.ready());
  else baton.ready();
}
