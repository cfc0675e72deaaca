import { isatty } from "node:tty";
import { denoEvents } from "./events.ts";
import { hasDenoLibc, openDenoLibc } from "./libc.ts";
import { denoFiles } from "./files.ts";
import { denoPipes } from "./pipes.ts";
import { inotifyEvents } from "../linux/inotify.ts";
import { nodePlatform } from "../node/platform.ts";
import { linuxSockets } from "../linux/sockets.ts";
import { openDenoSockets } from "./sockets.ts";
import { openSystemCalls } from "./posix_calls.ts";
import type { Platform } from "../platform.ts";
import { spawnDeno } from "./spawn.ts";
import { spawnPosix } from "./posix_spawn.ts";
import { denoTcp } from "./tcp.ts";

/** Makes the outside world through Deno. */
export async function denoPlatform(): Promise<() => Platform> {
  // In a terminal one of the standard descriptors is one: elsewhere this is not loaded, which would delay the start.
  const openSession = [0, 1, 2].some(isatty)
    ? (await import("./sessions.ts")).openSession
    : () => null;
  const hasLibc = hasDenoLibc();
  return () =>
    nodePlatform({
      name: "deno",
      files: denoFiles,
      events: hasLibc ? inotifyEvents(openDenoLibc) : denoEvents(),
      pipes: denoPipes(hasLibc),
      sockets: linuxSockets(denoFiles, hasLibc ? openDenoSockets : () => null),
      tcp: denoTcp,
      args: Deno.args,
      env: () => Deno.env.toObject(),
      spawn: hasLibc ? spawnPosix(spawnDeno, openSession) : spawnDeno,
      openCalls: hasLibc ? openSystemCalls : () => null,
    });
}
