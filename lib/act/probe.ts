import type { Cancel, Platform } from "../platform/platform.ts";
import type { ReadyProbe } from "../settings.ts";

const ATTEMPT_MS = 1_000;
const PAUSE_MS = 20;

/** Asks from outside until the program answers, then calls `onReady` once. */
export function probeUntilReady(
  platform: Platform,
  probe: ReadyProbe,
  onReady: () => void,
): Cancel {
  let cancelled = false;
  let cancelPause: Cancel = () => {};
  const attempt = async () => {
    const answered = probe.kind === "tcp"
      ? await platform.probes.tcp(probe.host, probe.port, ATTEMPT_MS)
      : await platform.probes.http(probe.url, ATTEMPT_MS);
    if (cancelled) return;
    if (answered) onReady();
    else cancelPause = platform.clock.after(PAUSE_MS, attempt);
  };
  attempt();
  return () => {
    cancelled = true;
    cancelPause();
  };
}
