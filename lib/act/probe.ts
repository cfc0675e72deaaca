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

/** The readiness probes of the generations that are not ready yet. */
export class Probes {
  readonly #platform: Platform;
  readonly #probe: ReadyProbe | null;
  readonly #onReady: (generation: number) => void;
  readonly #running = new Map<number, Cancel>();

  /** Without a `probe` nothing is asked. */
  constructor(
    platform: Platform,
    probe: ReadyProbe | null,
    onReady: (generation: number) => void,
  ) {
    this.#platform = platform;
    this.#probe = probe;
    this.#onReady = onReady;
  }

  start(generation: number): void {
    this.stop(generation);
    if (this.#probe === null) return;
    const onReady = () => this.#onReady(generation);
    this.#running.set(generation, probeUntilReady(this.#platform, this.#probe, onReady));
  }

  stop(generation: number): void {
    this.#running.get(generation)?.();
    this.#running.delete(generation);
  }

  stopAll(): void {
    for (const generation of [...this.#running.keys()]) this.stop(generation);
  }
}
