import type { Gateway } from "../act/gateway.ts";
import type { Cancel, Platform } from "../platform/platform.ts";
import { Target } from "./upstream.ts";

/** Until it is tried again to connect to a program that accepts nobody: it has just crashed, or is about to accept. */
const RETRY_MS = 25;

/** Who ends just after it has answered mostly has by then: what it needs to begin with is not there, say. */
const STAYING_MS = 500;

/** Who gets the next request, and who waits for that to be somebody. */
export class Router implements Gateway {
  readonly #platform: Pick<Platform, "tcp" | "clock">;
  readonly #targets = new Map<number, Target>();
  readonly #waitingToStart = new Set<number>();
  readonly #waiting = new Set<() => void>();
  readonly #staying = new Map<number, Cancel>();
  readonly #habits = { mayReuse: true };
  #current: Target | null = null;

  constructor(platform: Pick<Platform, "tcp" | "clock">) {
    this.#platform = platform;
  }

  portOf(generation: number): number {
    const known = this.#targets.get(generation);
    // What waits to be started may wait for long.
    const isWaiting = this.#waitingToStart.has(generation);
    if (known !== undefined && !(isWaiting && !this.#platform.tcp.isFree(known.port))) {
      return known.port;
    }
    this.#waitingToStart.add(generation);
    const taken = [...this.#targets.values()].map(({ port }) => port);
    let port = this.#platform.tcp.freePort();
    while (taken.includes(port)) port = this.#platform.tcp.freePort();
    this.#targets.set(generation, new Target(this.#platform, generation, port, this.#habits));
    return port;
  }

  started(generation: number): void {
    this.#waitingToStart.delete(generation);
  }

  route(generation: number): void {
    this.#forget(generation);
    this.#current = this.#targets.get(generation) ?? null;
    this.#current?.stay();
    for (const wake of [...this.#waiting]) wake();
  }

  leave(generation: number): void {
    const target = this.#targets.get(generation);
    if (this.#current === target) this.#current = null;
    target?.leave();
  }

  drain(generation: number, onDrained: () => void): void {
    const target = this.#targets.get(generation);
    const isFollowed = this.#current !== null && this.#current !== target;
    this.leave(generation);
    this.#forget(generation);
    const drain = () => target === undefined ? onDrained() : target.drain(onDrained);
    if (!isFollowed) drain();
    else this.#staying.set(generation, this.#platform.clock.after(STAYING_MS, drain));
  }

  #forget(generation: number): void {
    this.#staying.get(generation)?.();
    this.#staying.delete(generation);
  }

  gone(generation: number): void {
    this.#forget(generation);
    this.leave(generation);
    this.#targets.delete(generation);
    this.#waitingToStart.delete(generation);
  }

  /** Closes what streams from any of them. */
  close(): void {
    for (const target of this.#targets.values()) target.leave();
    for (const generation of [...this.#staying.keys()]) this.#forget(generation);
  }

  /** Who serves now; null where nobody does. */
  get current(): Target | null {
    return this.#current;
  }

  /** Who serves, as soon as somebody does; null where nobody did by `until`, or `given up`. */
  async serving(until: number, givenUp: Promise<unknown>): Promise<Target | null> {
    if (this.#current !== null) return this.#current;
    await this.#news(until - this.#platform.clock.now(), givenUp);
    return this.#current;
  }

  /** A while, or until another one serves. */
  async pause(givenUp: Promise<unknown>): Promise<void> {
    await this.#news(RETRY_MS, givenUp);
  }

  #news(ms: number, givenUp: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const cancel: Cancel = this.#platform.clock.after(Math.max(0, ms), wake);
      this.#waiting.add(wake);
      givenUp.then(wake);
    });
  }
}
