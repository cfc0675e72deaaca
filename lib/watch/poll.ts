import type { Cancel, Clock, RawEvent, Stat } from "../platform/platform.ts";
import { TIME_STEP_MS } from "./fingerprints.ts";
import { childOf } from "./location.ts";
import { inSlices, type Work } from "./slices.ts";

/** Where no interval was asked for, a pass takes at most this share of the time. */
const SHARE = 1 / 150;

/** After something moved, the next passes come this much faster, for this long. */
const HASTE = 4;
const HASTE_FOR_MS = 5_000;

/** Files that are looked at between two looks at the clock. */
const BATCH = 32;

export interface PollTiming {
  readonly intervalMs: number;
  /** Keep to the interval, however long a pass takes. */
  readonly isExact: boolean;
}

export interface PollHandler {
  stat(folder: string): Stat | null;
  /** The names of the watched files in a folder. */
  namesIn(folder: string): Iterable<string>;
  /** Whether a file looks other than it did. */
  looksMoved(folder: string, name: string): boolean;
  event(event: RawEvent): void;
}

/** Looks at folders time and again where no events arrive, and makes the events that should have been. */
export class Poll {
  readonly #clock: Clock;
  readonly #timing: PollTiming;
  readonly #handler: PollHandler;
  /** When each folder was last changed; NaN where a further change may have left the same time. */
  readonly #folders = new Map<string, number>();
  #hasteUntil = -Infinity;
  #next: Cancel | null = null;
  #isClosed = false;

  constructor(clock: Clock, timing: PollTiming, handler: PollHandler) {
    this.#clock = clock;
    this.#timing = timing;
    this.#handler = handler;
  }

  get count(): number {
    return this.#folders.size;
  }

  has(folder: string): boolean {
    return this.#folders.has(folder);
  }

  /** What happens in the folders after this makes an event. */
  add(folders: readonly string[]): void {
    for (const folder of folders) this.#folders.set(folder, this.#changedAt(folder));
    if (this.#folders.size > 0 && this.#next === null) this.#schedule(0);
  }

  remove(folder: string): void {
    this.#folders.delete(folder);
  }

  close(): void {
    this.#isClosed = true;
    this.#next?.();
  }

  #schedule(tookMs: number): void {
    const { intervalMs, isExact } = this.#timing;
    const isHasty = this.#clock.now() < this.#hasteUntil;
    const waitMs = isHasty ? intervalMs / HASTE : intervalMs;
    const ms = isExact ? Math.max(0, waitMs - tookMs) : Math.max(waitMs, tookMs / SHARE);
    this.#next = this.#clock.after(ms, () => this.#pass());
  }

  async #pass(): Promise<void> {
    const startedAt = this.#clock.now();
    await inSlices(this.#clock, this.#compareAll(), { isOver: () => this.#isClosed });
    if (!this.#isClosed) this.#schedule(this.#clock.now() - startedAt);
  }

  *#compareAll(): Work {
    let looked = 0;
    for (const [folder, knownAt] of [...this.#folders]) {
      const changedAt = this.#changedAt(folder);
      if (changedAt !== knownAt && this.#folders.has(folder)) {
        this.#folders.set(folder, changedAt);
        this.#moved({ kind: "complete", path: folder });
      }
      for (const name of this.#handler.namesIn(folder)) {
        if (this.#handler.looksMoved(folder, name)) {
          this.#moved({ kind: "partial", path: childOf(folder, name) });
        }
        if (++looked % BATCH === 0) yield;
      }
    }
  }

  #moved(event: RawEvent): void {
    this.#hasteUntil = this.#clock.now() + HASTE_FOR_MS;
    this.#handler.event(event);
  }

  #changedAt(folder: string): number {
    const stat = this.#handler.stat(folder);
    if (stat === null) return -1;
    return this.#clock.wallNow() - stat.mtimeMs < TIME_STEP_MS ? NaN : stat.mtimeMs;
  }
}
