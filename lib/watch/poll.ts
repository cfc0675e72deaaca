import {
  type Cancel,
  type Clock,
  type DirectFiles,
  PlatformError,
  type RawEvent,
} from "../platform/platform.ts";
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

/** When a folder that is not there, or that nobody may look at, was changed. */
const GONE = -1;

export interface PollTiming {
  readonly intervalMs: number;
  /** Keep to the interval, however long a pass takes. */
  readonly isExact: boolean;
}

export interface PollHandler {
  /** The names of the watched files in a folder. */
  namesIn(folder: string): Iterable<string>;
  /** Whether a file looks other than it did. */
  looksMoved(folder: string, name: string): boolean;
  event(event: RawEvent): void;
}

/** What a folder looked like. */
interface Seen {
  /** When it was last changed; NaN where a further change may have left the same time. */
  readonly changedAt: number;
  /** It looks so as long as it has this stamp. */
  readonly stamp: number;
  /** Of the files in it that were looked at since. */
  readonly fileStamps: Map<string, number>;
}

/** Looks at folders time and again where no events arrive, and makes the events that should have been. */
export class Poll {
  readonly #files: DirectFiles;
  readonly #clock: Clock;
  readonly #timing: PollTiming;
  readonly #handler: PollHandler;
  readonly #folders = new Map<string, Seen>();
  #hasteUntil = -Infinity;
  #next: Cancel | null = null;
  #isClosed = false;

  constructor(
    { clock, files }: { readonly clock: Clock; readonly files: DirectFiles },
    timing: PollTiming,
    handler: PollHandler,
  ) {
    this.#files = files;
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
    if (this.#isClosed || folders.length === 0) return;
    for (const folder of folders) this.#folders.set(folder, this.#see(folder));
    if (this.#next === null) this.#schedule(0);
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
    for (const folder of [...this.#folders.keys()]) {
      const seen = this.#folders.get(folder);
      if (seen === undefined) continue;
      const { fileStamps } = this.#compare(folder, seen);
      for (const name of this.#handler.namesIn(folder)) {
        const known = fileStamps.get(name);
        const stamp = this.#files.stampOf(folder, name);
        if (stamp !== known) {
          fileStamps.set(name, stamp);
          const isMoved = known !== undefined || this.#handler.looksMoved(folder, name);
          if (isMoved) this.#moved({ kind: "partial", path: childOf(folder, name) });
        }
        if (++looked % BATCH === 0) yield;
      }
    }
  }

  #compare(folder: string, known: Seen): Seen {
    if (this.#files.stampOf(folder, ".") === known.stamp) return known;
    const seen = this.#see(folder);
    this.#folders.set(folder, seen);
    if (seen.changedAt !== known.changedAt) this.#moved({ kind: "complete", path: folder });
    return seen;
  }

  #moved(event: RawEvent): void {
    this.#hasteUntil = this.#clock.now() + HASTE_FOR_MS;
    this.#handler.event(event);
  }

  #see(folder: string): Seen {
    const stamp = this.#files.stampOf(folder, ".");
    const changedAt = this.#changedAt(folder);
    return { changedAt, stamp: Number.isNaN(changedAt) ? NaN : stamp, fileStamps: new Map() };
  }

  #changedAt(folder: string): number {
    try {
      const stat = this.#files.stat(folder);
      if (stat === null) return GONE;
      return this.#clock.wallNow() - stat.mtimeMs < TIME_STEP_MS ? NaN : stat.mtimeMs;
    } catch (error) {
      if (error instanceof PlatformError) return GONE; // Whoever looks at it says why.
      throw error;
    }
  }
}
