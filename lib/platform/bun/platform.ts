import process from "node:process";
import { startEnvironment } from "./environment.ts";
import { hasBunLibc, openBunLibc } from "./libc.ts";
import { foreignCalls } from "./foreign_calls.ts";
import { underLimit } from "../linux/limit_mark.ts";
import { directFiles } from "../linux/direct_files.ts";
import { inotifyEvents } from "../linux/inotify.ts";
import { linuxSockets } from "../linux/sockets.ts";
import { nodeEvents } from "../node/events.ts";
import { nodeFiles } from "../node/files.ts";
import { openBunSockets } from "./sockets.ts";
import { peerOf } from "./peers.ts";
import { nodePipes } from "../node/pipes.ts";
import { nodePlatform } from "../node/platform.ts";
import type { Files, Platform } from "../platform.ts";
import { bunTcp } from "./tcp.ts";
import { spawnNode } from "../node/spawn.ts";

const bunFiles: Files = { ...nodeFiles, direct: () => directFiles(bunFiles, openBunLibc) };

/** The outside world through Bun. */
export function bunPlatform(): Platform {
  const hasLibc = hasBunLibc();
  return nodePlatform({
    name: "bun",
    files: bunFiles,
    events: hasLibc ? inotifyEvents(openBunLibc) : nodeEvents(),
    pipes: nodePipes(peerOf, hasLibc),
    sockets: linuxSockets(bunFiles, hasLibc ? openBunSockets : () => null),
    tcp: bunTcp,
    args: process.argv.slice(2),
    env: startEnvironment,
    spawn: (request) => underLimit(foreignCalls(), request.mark, () => spawnNode(request)),
    openCalls() {
      const calls = foreignCalls();
      return calls === null ? null : { calls, close: () => {} };
    },
  });
}
