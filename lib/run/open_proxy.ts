import type { Platform } from "../platform/platform.ts";
import type { Proxy, ProxyOptions } from "../proxy/proxy.ts";
import type { Settings } from "../settings.ts";

/** Opens the proxy where one was asked for, and loads it only then. Throws `BatonError`. */
export async function openProxy(
  platform: Platform,
  settings: Settings,
  rest: Omit<ProxyOptions, "settings">,
): Promise<Proxy | null> {
  const { proxy } = settings;
  if (proxy === null) return null;
  const { openProxy } = await import("../proxy/proxy.ts");
  return await openProxy(platform, { ...rest, settings: { ...settings, proxy } });
}
