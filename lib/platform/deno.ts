import { denoEvents } from "./deno_events.ts";
import { hasDenoLibc, openDenoLibc } from "./deno_libc.ts";
import { denoFiles } from "./deno_files.ts";
import { denoPipes } from "./deno_pipes.ts";
import { inotifyEvents } from "./inotify.ts";
import { nodePlatform } from "./node_platform.ts";
import type { Platform } from "./platform.ts";
import { spawnDeno } from "./spawn_deno.ts";
import { spawnPosix } from "./spawn_posix.ts";

/** The outside world through Deno. */
export function denoPlatform(): Platform {
  const hasLibc = hasDenoLibc();
  return nodePlatform({
    name: "deno",
    files: denoFiles,
    events: hasLibc ? inotifyEvents(openDenoLibc) : denoEvents(),
    pipes: denoPipes,
    args: Deno.args,
    spawn: hasLibc ? spawnPosix(spawnDeno) : spawnDeno,
  });
}
