import type { Cancel, Clock } from "../platform/platform.ts";
import { parentOf } from "./location.ts";

/** After the last completed write, before it is looked at: the other files of the same save. */
const QUICK_MS = 3;

/** Where writes cannot be told from closes: editors write a file within a few milliseconds. */
const UNTOLD_MS = 20;

/** How often a wait for git asks whether it is over; only while a change waits. */
const HOLD_MS = 10;

export interface SettleTiming {
  readonly settleMs: number;
  readonly maxWaitMs: number;
  readonly tellsCloseFromWrite: boolean;
}

/** What a burst of events is about. */
export interface Burst {
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface SettleHandler {
  /** Whether somebody (git) is in the middle of something that these paths are part of. */
  isHeld(paths: ReadonlySet<string>): boolean;
  /** Looks at these paths. */
  look(paths: ReadonlySet<string>, burst: Burst): Promise<void>;
  /** Looks for what had no event; called when a burst seems to be over. */
  recheck(): Promise<void>;
  /** Whether what moved may be half of a save: a file gone or empty. */
  isHalfway(): boolean;
  /** Says what moved, if anything did; returns whether it said something. */
  emit(burst: Burst): boolean;
  /** Nothing has happened for the settle time after something was said. */
  settled(): void;
}

/**
 * Cuts the stream of events into bursts, and says when to look, when to speak, and when a burst is over.
 * Completed writes are looked at at once. A file that is still open for writing is waited for; one that may
 * still be written, or is gone or empty as between two steps of a safe save, waits for the settle time. The cap
 * ends every wait.
 */
export class Settle {
  readonly #clock: Clock;
  readonly #timing: SettleTiming;
  readonly #handler: SettleHandler;
  readonly #quickMs: number;
  readonly #partialMs: number;
  #dirty = new Set<string>();
  readonly #partial = new Set<string>();
  readonly #writing = new Set<string>();
  #burst: { firstAt: number; lastAt: number } | null = null;
  #hasSpoken = false;
  #isLooking = false;
  #isClosed = false;
  #timer: { at: number; cancel: Cancel } | null = null;

  constructor(clock: Clock, timing: SettleTiming, handler: SettleHandler) {
    this.#clock = clock;
    this.#timing = timing;
    this.#handler = handler;
    this.#quickMs = Math.min(timing.settleMs, QUICK_MS);
    this.#partialMs = timing.tellsCloseFromWrite
      ? timing.settleMs
      : Math.min(timing.settleMs, UNTOLD_MS);
  }

  touched(path: string, kind: "complete" | "writing" | "partial"): void {
    const now = this.#clock.now();
    this.#burst ??= { firstAt: now, lastAt: now };
    this.#burst.lastAt = now;
    this.#dirty.add(path);
    if (kind === "writing") this.#writing.add(path);
    if (kind === "partial") this.#partial.add(path);
    if (kind === "complete") {
      this.#writing.delete(path);
      this.#partial.delete(path);
    }
    this.#schedule();
  }

  /** The folder is gone, or goes by another name: no word will come of what was being written in it. */
  gone(folder: string): void {
    for (const paths of [this.#writing, this.#partial]) {
      for (const path of paths) if (parentOf(path) === folder) paths.delete(path);
    }
    this.#schedule();
  }

  /** Speaks, once it is quiet, of what moved while nothing could be said. */
  reconsider(): void {
    const now = this.#clock.now();
    this.#burst ??= { firstAt: now, lastAt: now };
    this.#schedule();
  }

  /** Whether an event of this path waits to be looked at. */
  isDirty(path: string): boolean {
    return this.#dirty.has(path);
  }

  /** Whether it is known to be half-written. */
  isPartial(path: string): boolean {
    return this.#partial.has(path) || this.#writing.has(path);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** When the next thing is to be done. */
  #dueAt(burst: Burst): number {
    const wait = this.#dirty.size === 0
      ? this.#timing.settleMs
      : this.#writing.size > 0
      ? this.#timing.maxWaitMs
      : this.#partial.size > 0
      ? this.#partialMs
      : this.#quickMs;
    return Math.min(burst.lastAt + wait, burst.firstAt + this.#timing.maxWaitMs);
  }

  #schedule(notBefore = 0): void {
    if (this.#burst === null || this.#isLooking || this.#isClosed) return;
    const now = this.#clock.now();
    const at = Math.max(this.#dueAt(this.#burst), notBefore, now);
    if (this.#timer !== null && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: this.#clock.after(at - now, () => this.#due()) };
  }

  #due(): void {
    this.#timer = null;
    const burst = this.#burst;
    if (burst === null) return;
    const now = this.#clock.now();
    if (now < this.#dueAt(burst)) this.#schedule();
    else if (this.#handler.isHeld(this.#dirty)) this.#schedule(now + HOLD_MS);
    else if (this.#dirty.size > 0) this.#look(burst);
    else this.#conclude(burst);
  }

  async #look(burst: Burst): Promise<void> {
    const paths = this.#dirty;
    this.#dirty = new Set();
    this.#partial.clear();
    this.#writing.clear();
    this.#isLooking = true;
    await this.#handler.look(paths, burst);
    this.#isLooking = false;
    if (this.#isClosed) return;
    const now = this.#clock.now();
    if (now >= burst.firstAt + this.#timing.maxWaitMs) {
      this.#end(burst);
      this.#burst = { firstAt: now, lastAt: now }; // What had no event is still to be looked for.
    } else if (this.#dirty.size === 0 && !this.#handler.isHalfway()) this.#speak(burst);
    this.#schedule();
  }

  async #conclude(burst: { readonly firstAt: number; lastAt: number }): Promise<void> {
    const wasHalfway = this.#handler.isHalfway();
    this.#isLooking = true;
    await this.#handler.recheck();
    this.#isLooking = false;
    if (this.#isClosed) return;
    // A save that begins now may be seen before its events are heard.
    if (!wasHalfway && this.#handler.isHalfway()) burst.lastAt = this.#clock.now();
    else if (this.#dirty.size === 0) this.#end(burst);
    this.#schedule();
  }

  /** Nothing has happened for the settle time, or the cap is reached: what is known now is final. */
  #end(burst: Burst): void {
    this.#speak(burst);
    this.#burst = null;
    const hasSpoken = this.#hasSpoken;
    this.#hasSpoken = false;
    if (hasSpoken) this.#handler.settled();
  }

  #speak(burst: Burst): void {
    if (this.#handler.emit({ ...burst })) this.#hasSpoken = true;
  }
}
