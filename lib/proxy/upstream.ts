import { type Platform, PlatformError, type TcpConnection } from "../platform/platform.ts";
import { LOOPBACK } from "../settings.ts";
import { Source } from "./source.ts";

/** A connection to a generation. */
export interface Upstream {
  readonly connection: TcpConnection;
  readonly source: Source;
  /** It has carried a request before. */
  isUsed: boolean;
}

/** What was learned of a program, whichever generation of it. */
export interface Habits {
  /** It answers as soon on a connection that was used before as on a new one. */
  mayReuse: boolean;
}

/** How long the system of whoever reads waits before it confirms what came (Linux), and what that takes at most. */
const DELAYED_ACK_MS = [35, 60] as const;

const MOST_IDLE = 64;
/** Some programs listen at what `localhost` means to them. */
const HOSTS = [LOOPBACK, "::1"] as const;

/** One generation, as far as requests go to it. */
export class Target {
  readonly #tcp: Pick<Platform["tcp"], "connect">;
  readonly #idle = new Set<Upstream>();
  readonly #habits: Habits;
  readonly #streams = new Set<() => void>();
  #hosts: readonly string[] = HOSTS;
  #underWay = 0;
  #isLeaving = false;
  #onDrained: (() => void) | null = null;

  constructor(
    platform: Pick<Platform, "tcp">,
    readonly generation: number,
    readonly port: number,
    habits: Habits,
  ) {
    this.#tcp = platform.tcp;
    this.#habits = habits;
  }

  /**
   * How long after its head the rest of an answer came. One that sends the two apart waits on a used connection
   * until the first is confirmed (Nagle's algorithm): 40 ms each time, and none on a new one.
   */
  waited(upstream: Upstream, ms: number): void {
    const [least, most] = DELAYED_ACK_MS;
    if (upstream.isUsed && ms >= least && ms <= most) this.#habits.mayReuse = false;
  }

  /** A request to it begins. The end of each is told with what is returned, once. */
  begin(): () => void {
    this.#underWay += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#underWay -= 1;
      this.#tellDrained();
    };
  }

  /**
   * What has no end of its own begins; it is closed when the generation is asked to stop. What is returned is
   * called when it has ended before.
   */
  stream(close: () => void): () => void {
    if (this.#isLeaving) close();
    else this.#streams.add(close);
    return () => void this.#streams.delete(close);
  }

  /** A connection to it that has carried a request before, and waits for the next one; null where there is none. */
  idle(): Upstream | null {
    for (const upstream of this.#idle) {
      this.#idle.delete(upstream);
      upstream.source.heed(null);
      return upstream;
    }
    return null;
  }

  /** A new connection to it. Rejects with `PlatformError`. */
  async connect(): Promise<Upstream> {
    let failure: unknown;
    for (const host of this.#hosts) {
      try {
        const connection = await this.#tcp.connect(host, this.port);
        this.#hosts = [host];
        return { connection, source: new Source(connection), isUsed: false };
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        failure ??= error;
      }
    }
    this.#hosts = HOSTS;
    throw failure;
  }

  /** Takes a connection back whose last answer is complete. */
  keep(upstream: Upstream): void {
    const isWanted = this.#habits.mayReuse && !this.#isLeaving && this.#idle.size < MOST_IDLE;
    if (!isWanted || upstream.source.hasPending) {
      return upstream.connection.destroy();
    }
    upstream.isUsed = true;
    this.#idle.add(upstream);
    upstream.source.heed(() => {
      if (this.#idle.delete(upstream)) upstream.connection.destroy();
    });
  }

  /** It is asked to stop: what waits on it or streams from it is closed. */
  leave(): void {
    this.#isLeaving = true;
    for (const { connection } of this.#idle) connection.destroy();
    this.#idle.clear();
    for (const close of [...this.#streams]) close();
    this.#streams.clear();
  }

  /** It stays, after all. */
  stay(): void {
    this.#isLeaving = false;
    this.#onDrained = null;
  }

  /** Calls back once no request to it is under way. */
  drain(onDrained: () => void): void {
    this.#onDrained = onDrained;
    this.#tellDrained();
  }

  #tellDrained(): void {
    if (this.#underWay > 0) return;
    this.#onDrained?.();
    this.#onDrained = null;
  }
}
