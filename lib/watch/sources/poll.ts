import type { Cancel, Clock, DirectFiles, RawEvent } from "../../platform/platform.ts";
import { type Freshness, TIME_STEP_MS } from "../index/fingerprints.ts";
import { childOf } from "../../paths/path.ts";
import { statOrNull } from "../../paths/lookup.ts";
import { stepOf } from "../index/since.ts";
import { inSlices, type Work } from "../slices.ts";

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
  /** What can be said of a file without reading it. */
  freshness(folder: string, name: string): Freshness;
  event(event: RawEvent): void;
}

/** What a folder looked like. */
interface Seen {
  readonly changedAt: number;
  /** A further change may leave the same time. */
  readonly isEarly: boolean;
  /** It looks so as long as it has this stamp. */
  readonly stamp: number;
  /** Of the files in it that were looked at since. */
  readonly fileStamps: Map<string, number>;
  /** Those of them that are to be compared again, though their stamp stays. */
  readonly unsure: Set<string>;
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
      const now = this.#compare(folder, seen);
      for (const name of this.#handler.namesIn(folder)) {
        this.#compareFile(folder, name, now);
        if (++looked % BATCH === 0) yield;
      }
    }
  }

  #compareFile(folder: string, name: string, { fileStamps, unsure }: Seen): void {
    const known = fileStamps.get(name);
    const stamp = this.#files.stampOf(folder, name);
    if (stamp === known && !unsure.has(name)) return;
    fileStamps.set(name, stamp);
    const freshness = this.#handler.freshness(folder, name);
    if (freshness === "changed" || freshness === "racing") unsure.add(name);
    else unsure.delete(name);
    const isMoved = stamp !== known && (known !== undefined || freshness === "changed");
    if (isMoved || freshness === "racy") {
      this.#moved({ kind: "partial", path: childOf(folder, name) });
    }
  }

  #compare(folder: string, known: Seen): Seen {
    if (this.#files.stampOf(folder, ".") === known.stamp && !known.isEarly) return known;
    const seen = this.#see(folder);
    this.#folders.set(folder, seen);
    const isOver = known.isEarly && !seen.isEarly;
    if (isOver || seen.changedAt !== known.changedAt) {
      this.#moved({ kind: "complete", path: folder });
    }
    return seen;
  }

  #moved(event: RawEvent): void {
    this.#hasteUntil = this.#clock.now() + HASTE_FOR_MS;
    this.#handler.event(event);
  }

  #see(folder: string): Seen {
    const stamp = this.#files.stampOf(folder, ".");
    const stat = statOrNull({ files: this.#files }, folder); // Whoever looks at it says what is wrong.
    const changedAt = stat?.mtimeMs ?? GONE;
    const isEarly = !!stat &&
      Math.abs(this.#clock.wallNow() - changedAt) < stepOf(stat, TIME_STEP_MS);
    return { changedAt, isEarly, stamp, fileStamps: new Map(), unsure: new Set() };
  }
}
