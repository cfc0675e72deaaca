import { platform } from "./platform.ts";
import type { Cancel, HandledSignal, Platform, Probes } from "../../lib/platform/platform.ts";
import { FakeClock } from "./fake_clock.ts";
import { noEvents } from "./no_events.ts";
import { FakePipes } from "./fake_pipes.ts";
import { FakeProcesses } from "./fake_processes.ts";
import { FakeTerminal } from "./fake_terminal.ts";

const real = platform();

/** A platform whose time, processes, pipes, file events and terminal a test plays; its files are real. */
export class FakePlatform implements Platform {
  readonly name = "fake";
  readonly os = "linux";
  readonly clock: FakeClock = new FakeClock();
  readonly files = real.files;
  readonly events = noEvents;
  readonly processes: FakeProcesses = new FakeProcesses();
  readonly makeFifo = real.makeFifo;
  readonly pipes: FakePipes = new FakePipes();
  readonly terminal: FakeTerminal = new FakeTerminal();
  readonly user = real.user;
  readonly sha256 = real.sha256;
  readonly hmac = real.hmac;
  readonly digest = real.digest;
  readonly decompress = real.decompress;
  /** What the probes answer. */
  answers = false;
  readonly probes: Probes = {
    tcp: () => Promise.resolve(this.answers),
    http: () => Promise.resolve(this.answers),
  };
  readonly sockets = {
    ...real.sockets,
    listening: (pids: readonly number[]) => this.processes.listening(pids),
  };
  readonly tcp = real.tcp;
  readonly #listeners = new Map<HandledSignal, Set<() => void>>();
  #ids = 0;
  readonly randomId = (): string => `id-${++this.#ids}`;

  constructor(
    readonly cwd: string = "/project",
    readonly args: readonly string[] = [],
    readonly environment: Record<string, string> = {},
  ) {}

  env(): Record<string, string> {
    return { ...this.environment };
  }

  onSignal(signal: HandledSignal, run: () => void): Cancel {
    const listeners = this.#listeners.get(signal) ?? new Set();
    this.#listeners.set(signal, listeners.add(run));
    return () => void listeners.delete(run);
  }

  onFault(): Cancel {
    return () => {};
  }

  /** Delivers a signal to baton. */
  notify(signal: HandledSignal): void {
    for (const run of [...this.#listeners.get(signal) ?? []]) run();
  }
}
