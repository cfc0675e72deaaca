import process from "node:process";
import { hasBunLibc, openBunLibc } from "./bun_libc.ts";
import { directFiles } from "./direct_files.ts";
import { inotifyEvents } from "./inotify.ts";
import { nodeEvents } from "./node_events.ts";
import { nodeFiles } from "./node_files.ts";
import { peerOf } from "./bun_peers.ts";
import { nodePipes } from "./node_pipes.ts";
import { nodePlatform } from "./node_platform.ts";
import type { Files, Platform } from "./platform.ts";
import { spawnNode } from "./spawn_node.ts";

const bunFiles: Files = { ...nodeFiles, direct: () => directFiles(bunFiles, openBunLibc) };

/** The outside world through Bun. */
export function bunPlatform(): Platform {
  return nodePlatform({
    name: "bun",
    files: bunFiles,
    events: hasBunLibc() ? inotifyEvents(openBunLibc) : nodeEvents(),
    pipes: nodePipes(peerOf),
    args: process.argv.slice(2),
    spawn: spawnNode,
  });
}
