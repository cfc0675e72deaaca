import { denoEvents } from "./events.ts";
import { hasDenoLibc, openDenoLibc } from "./libc.ts";
import { denoFiles } from "./files.ts";
import { denoPipes } from "./pipes.ts";
import { inotifyEvents } from "../linux/inotify.ts";
import { nodePlatform } from "../node/platform.ts";
import { linuxSockets } from "../linux/sockets.ts";
import { openDenoSockets } from "./sockets.ts";
import { openPtyCalls, openSystemCalls } from "./posix_calls.ts";
import type { Platform } from "../platform.ts";
import { sessions } from "../linux/terminal/session.ts";
import { showInTerminal } from "../node/terminal.ts";
import { spawnDeno } from "./spawn.ts";
import { spawnPosix } from "./posix_spawn.ts";
import { denoTcp } from "./tcp.ts";

/** The outside world through Deno. */
export function denoPlatform(): Platform {
  const hasLibc = hasDenoLibc();
  return nodePlatform({
    name: "deno",
    files: denoFiles,
    events: hasLibc ? inotifyEvents(openDenoLibc) : denoEvents(),
    pipes: denoPipes(hasLibc),
    sockets: linuxSockets(denoFiles, hasLibc ? openDenoSockets : () => null),
    tcp: denoTcp,
    args: Deno.args,
    env: () => Deno.env.toObject(),
    spawn: hasLibc ? spawnPosix(spawnDeno, sessions(openPtyCalls, showInTerminal)) : spawnDeno,
    openCalls: hasLibc ? openSystemCalls : () => null,
  });
}
