import { bunPlatform } from "./bun/platform.ts";
import { denoPlatform } from "./deno/platform.ts";
import type { Platform } from "./platform.ts";

/** The outside world of the runtime that runs this. */
export function platform(): Platform {
  return "Deno" in globalThis ? denoPlatform() : bunPlatform();
}
