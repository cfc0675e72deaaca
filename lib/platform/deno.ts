import { denoEvents } from "./deno_events.ts";
import { denoFiles } from "./deno_files.ts";
import { denoPipes } from "./deno_pipes.ts";
import { nodePlatform } from "./node_platform.ts";
import type { Platform } from "./platform.ts";
import { spawnDeno } from "./spawn_deno.ts";

/** The outside world through Deno. */
export function denoPlatform(): Platform {
  return nodePlatform({
    name: "deno",
    files: denoFiles,
    events: denoEvents(),
    pipes: denoPipes,
    args: Deno.args,
    spawn: spawnDeno,
  });
}
