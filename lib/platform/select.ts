import type { Platform } from "./platform.ts";

/** The outside world of the runtime that runs this. The other's is not loaded: reading it would delay the start. */
export const platform: () => Platform = "Deno" in globalThis
  ? (await import("./deno/platform.ts")).denoPlatform
  : (await import("./bun/platform.ts")).bunPlatform;
