import process from "node:process";
import { openBunLibc } from "./bun_libc.ts";
import { inotifyEvents } from "./inotify.ts";
import { nodeEvents } from "./node_events.ts";
import { nodeFiles } from "./node_files.ts";
import { nodePipes } from "./node_pipes.ts";
import { nodePlatform } from "./node_platform.ts";
import type { Platform, Stamps } from "./platform.ts";
import { spawnNode } from "./spawn_node.ts";
import { libcStamps, statStamps } from "./stamps.ts";

/** The outside world through Bun. */
export function bunPlatform(): Platform {
  return nodePlatform({
    name: "bun",
    files: { ...nodeFiles, openStamps },
    events: inotifyEvents(openBunLibc) ?? nodeEvents(),
    pipes: nodePipes,
    args: process.argv.slice(2),
    spawn: spawnNode,
  });
}

function openStamps(): Stamps {
  const libc = openBunLibc();
  return libc === null ? statStamps(nodeFiles.stat) : libcStamps(libc);
}
