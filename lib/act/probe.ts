import type { Cancel, Platform } from "../platform/platform.ts";
import type { ReadyProbe } from "../settings.ts";

const ATTEMPT_MS = 1_000;
/** Between two attempts: a fifth of the time so far, so that no quick start waits and no slow one is held up. */
const PAUSE = { share: 1 / 5, leastMs: 2, mostMs: 20 };
const HOSTS = ["127.0.0.1", "::1"] as const;

/** What can be asked by itself. */
export type Probe = Exclude<ReadyProbe, { kind: "path" }>;

/** Asks all of them from outside until one answers, then calls `onReady` once. */
export function probeUntilReady(
  { probes, clock }: Pick<Platform, "probes" | "clock">,
  asked: readonly Probe[],
  onReady: () => void,
): Cancel {
  let cancelled = false;
  let cancelPause: Cancel = () => {};
  const startedAt = clock.now();
  const attempt = async () => {
    const answers = await Promise.all(
      asked.map((probe) =>
        probe.kind === "tcp"
          ? probes.tcp(probe.host, probe.port, ATTEMPT_MS)
          : probes.http(probe.url, ATTEMPT_MS)
      ),
    );
    if (cancelled) return;
    if (answers.includes(true)) onReady();
    else {
      const pauseMs = (clock.now() - startedAt) * PAUSE.share;
      cancelPause = clock.after(Math.min(PAUSE.mostMs, Math.max(PAUSE.leastMs, pauseMs)), attempt);
    }
  };
  attempt();
  return () => {
    cancelled = true;
    cancelPause();
  };
}

/** What tells that a program is ready that listens on a port of its own, at what `localhost` means to it. */
export function probesOf(ready: ReadyProbe | null, port: number | null): readonly Probe[] {
  if (ready !== null && ready.kind !== "path") return [ready];
  if (port === null) return [];
  if (ready === null) return HOSTS.map((host) => ({ kind: "tcp", host, port }));
  return HOSTS.map((host) => {
    const name = host.includes(":") ? `[${host}]` : host;
    return { kind: "http", url: `http://${name}:${port}${ready.path}` };
  });
}

/** The readiness probes of the generations that are not ready yet. */
export class Probes {
  readonly #platform: Platform;
  readonly #of: (generation: number) => readonly Probe[];
  readonly #onReady: (generation: number) => void;
  readonly #running = new Map<number, Cancel>();

  /** Where `of` gives none nothing is asked. */
  constructor(
    platform: Platform,
    of: (generation: number) => readonly Probe[],
    onReady: (generation: number) => void,
  ) {
    this.#platform = platform;
    this.#of = of;
    this.#onReady = onReady;
  }

  start(generation: number): void {
    this.stop(generation);
    const asked = this.#of(generation);
    if (asked.length === 0) return;
    const onReady = () => this.#onReady(generation);
    this.#running.set(generation, probeUntilReady(this.#platform, asked, onReady));
  }

  stop(generation: number): void {
    this.#running.get(generation)?.();
    this.#running.delete(generation);
  }

  stopAll(): void {
    for (const generation of [...this.#running.keys()]) this.stop(generation);
  }
}
