import process from "node:process";
import { nodeEvents } from "./node_events.ts";
import { nodePlatform } from "./node_platform.ts";
import type { Platform } from "./platform.ts";
import { spawnNode } from "./spawn_node.ts";

/** The outside world through Bun. */
export function bunPlatform(): Platform {
  const args = process.argv.slice(2);
  return nodePlatform({ name: "bun", events: nodeEvents(), args, spawn: spawnNode });
}
