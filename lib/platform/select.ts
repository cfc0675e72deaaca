import type { Platform } from "./platform.ts";

/** Makes the outside world of the runtime that runs this. The other's is not loaded: reading it would delay the start. */
export async function selectPlatform(): Promise<() => Platform> {
  return "Deno" in globalThis
    ? await (await import("./deno/platform.ts")).denoPlatform()
    : (await import("./bun/platform.ts")).bunPlatform;
}
