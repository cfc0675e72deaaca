import type { Explanation } from "../errors.ts";
import type { Cancel, EnvironmentMark, Platform, SocketUse } from "../platform/platform.ts";
import type { HeldSockets, NamedSocket } from "./held_sockets.ts";

/** By then most programs serve, or listen elsewhere. */
const EARLY_MS = 2_000;
/** Whoever accepts has done so by then. */
const ACCEPTED_MS = 1_000;
/** A busy server may have somebody waiting at any moment. */
const LOOKS = 5;
const AGAIN_MS = 100;
const LONGEST_COMMAND = 100;

/** What the checks are made with. */
export interface SocketCheckOptions {
  readonly platform: Platform;
  readonly sockets: HeldSockets;
  readonly bootTimeoutMs: number;
  /** What every process of this run bears. */
  readonly mark: EnvironmentMark;
  /** The living processes of one generation, and of all. */
  processes(generation?: number): readonly number[];
  onTrouble(trouble: Explanation): void;
}

/**
 * Looks, some time after each start, whether the program takes what comes at the sockets, and whether another
 * process does. Of one that is not seen to, a connection of baton's own tells: it is accepted, or goes on
 * waiting. Each trouble is told once.
 */
export class SocketChecks {
  readonly #with: SocketCheckOptions;
  readonly #pending = new Map<number, Set<Cancel>>();
  readonly #told = new Set<string>();

  constructor(options: SocketCheckOptions) {
    this.#with = options;
  }

  start(generation: number): void {
    const { sockets, bootTimeoutMs } = this.#with;
    if (sockets.all.length === 0) return;
    const early = Math.min(EARLY_MS, bootTimeoutMs);
    for (const ms of new Set([early, bootTimeoutMs])) {
      this.#after(generation, ms, () => {
        for (const [index, socket] of sockets.all.entries()) {
          this.#look(generation, socket, 3 + index, ms === bootTimeoutMs);
          this.#findOthers(socket);
        }
      });
    }
  }

  stop(generation: number): void {
    for (const cancel of this.#pending.get(generation) ?? []) cancel();
    this.#pending.delete(generation);
  }

  stopAll(): void {
    for (const generation of [...this.#pending.keys()]) this.stop(generation);
  }

  #after(generation: number, ms: number, run: () => void): void {
    const pending = this.#pending.get(generation) ?? new Set();
    this.#pending.set(generation, pending);
    const cancel = this.#with.platform.clock.after(ms, () => {
      pending.delete(cancel);
      run();
    });
    pending.add(cancel);
  }

  #look(generation: number, socket: NamedSocket, descriptor: number, isLate: boolean): void {
    const { isPolled, waiting } = this.#judge(generation, socket, descriptor);
    if (isPolled || waiting === null) return;
    if (!isLate && this.#elsewhere(generation).length === 0) return;
    this.#knock(socket).then(() =>
      this.#after(
        generation,
        ACCEPTED_MS,
        () => this.#watchQueue(generation, socket, descriptor, LOOKS),
      )
    );
  }

  /** A queue that is empty once is one that is accepted from, however many come. */
  #watchQueue(
    generation: number,
    socket: NamedSocket,
    descriptor: number,
    looks: number,
  ): void {
    const now = this.#judge(generation, socket, descriptor);
    if (now.isPolled || now.holders.length === 0 || now.waiting === 0) return;
    if (looks > 1) {
      const again = () => this.#watchQueue(generation, socket, descriptor, looks - 1);
      return this.#after(generation, AGAIN_MS, again);
    }
    const ports = this.#elsewhere(generation);
    const instead = ports.length === 0 ? "" : `; it listens on port ${ports.join(", ")} instead`;
    this.#tell(`ignored ${socket.address}`, {
      what: `Generation ${generation} accepts nobody at ${socket.address}${instead}`,
      next: `Let it listen on descriptor ${descriptor} and not on a port: see docs/listen.md`,
    });
  }

  /** What it does with a socket; that it has closed it is told. */
  #judge(generation: number, socket: NamedSocket, descriptor: number): SocketUse {
    const { sockets, processes } = this.#with;
    const living = processes(generation);
    const use = sockets.use(socket, living);
    if (living.length > 0 && use.holders.length === 0) {
      this.#tell(`closed ${socket.address}`, {
        what:
          `Generation ${generation} has closed the socket at ${socket.address}: who comes waits`,
        next: `Let it accept on descriptor ${descriptor}, or start baton without this "--listen"`,
      });
    }
    return use;
  }

  /** A connection that is closed at once, and stays in the queue until it is accepted. */
  async #knock({ address, port }: NamedSocket): Promise<void> {
    const host = address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
    const near = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
    await this.#with.platform.probes.tcp(near, port!, ACCEPTED_MS);
  }

  #elsewhere(generation: number): number[] {
    const { platform, sockets, processes } = this.#with;
    const held = sockets.all.map(({ port }) => port);
    return platform.sockets.ports(processes(generation)).filter((port) => !held.includes(port));
  }

  /** Processes that are of no generation any more, and could take what comes. */
  #findOthers(socket: NamedSocket): void {
    const { platform, sockets, processes, mark } = this.#with;
    const { holders } = sockets.use(socket);
    const own = [platform.processes.self, ...processes(), ...platform.processes.withMark(mark)];
    const strangers = holders.filter((holder) => !own.includes(holder));
    // One of its own may have ended between the two looks.
    for (const pid of sockets.use(socket, strangers).holders) {
      const command = platform.processes.commandLine(pid).slice(0, LONGEST_COMMAND);
      this.#tell(`kept ${socket.address} ${pid}`, {
        what: `Process ${pid}, "${command}", keeps the socket at ${socket.address}, and could ` +
          "take connections from the program",
        next: `End it ("kill ${pid}"), or have the program start it without descriptors of its own`,
      });
    }
  }

  #tell(key: string, trouble: Explanation): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#with.onTrouble(trouble);
  }
}
