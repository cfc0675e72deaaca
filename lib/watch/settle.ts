import type { Cancel, Clock } from "../platform/platform.ts";
import { parentOf } from "../paths/path.ts";

/** After the last completed write, before it is scanned: the other files of the same save. */
const QUICK_MS = 3;

/** Where writes cannot be told from closes: editors write a file within a few milliseconds. */
const UNTOLD_MS = 20;

/** One file, written and closed, is most likely all of its save: how much of the settle time it is waited for. */
const SINGLE_SHARE = 0.5;

/** How often a wait for git asks whether it is over; only while a change waits. */
const HOLD_MS = 10;

export interface SettleTiming {
  readonly settleMs: number;
  readonly maxWaitMs: number;
  readonly tellsCloseFromWrite: boolean;
}

/** When the events of one batch came. */
export interface Batch {
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What has changed since the last batch was emitted. */
export interface Pending {
  readonly paths: readonly string[];
  /** It may be half of a save: a file is gone or empty. */
  readonly halfway: boolean;
}

export interface SettleHandler<Changes extends Pending> {
  /** Whether somebody (git) is in the middle of something that these paths are part of. */
  isHeld(paths: ReadonlySet<string>): boolean;
  /** Compares these paths with the disk. */
  scan(paths: ReadonlySet<string>, batch: Batch): Promise<void>;
  /** Looks for what had no event; called when a batch seems to be over. */
  recheck(): Promise<void>;
  pending(): Changes;
  /** Emits what has changed, if anything has; returns whether it did. */
  emit(batch: Batch, changes: Changes): boolean;
  /** Nothing has happened for the settle time after something was emitted. */
  settled(): void;
}

/**
 * Debounces events: cuts the stream of them into batches, and says when to scan, when to emit, and when a batch has
 * settled. Completed writes are scanned at once. A file that is still open for writing is waited for; one that may
 * still be written, or is gone or empty as between two steps of a safe save, waits for the settle time, which is the
 * debounce interval of other tools. Half of it is enough once the one file of a save was closed, until there is more.
 * The cap ends every wait.
 */
export class Settle<Changes extends Pending> {
  readonly #clock: Clock;
  readonly #timing: SettleTiming;
  readonly #handler: SettleHandler<Changes>;
  readonly #quickMs: number;
  readonly #partialMs: number;
  #dirty = new Set<string>();
  readonly #partial = new Set<string>();
  readonly #writing = new Set<string>();
  #batch: { firstAt: number; lastAt: number } | null = null;
  #hasEmitted = false;
  /** All that was emitted is one completed write. */
  #isSingle = false;
  #isScanning = false;
  #touchedAt = -Infinity;
  /** From when on nothing more is waited for, as whoever writes has said that it is done. */
  #completeAt: number | null = null;
  #isClosed = false;
  #timer: { at: number; cancel: Cancel } | null = null;
  #onDrained: (() => void)[] = [];

  constructor(clock: Clock, timing: SettleTiming, handler: SettleHandler<Changes>) {
    this.#clock = clock;
    this.#timing = timing;
    this.#handler = handler;
    this.#quickMs = Math.min(timing.settleMs, QUICK_MS);
    this.#partialMs = timing.tellsCloseFromWrite
      ? timing.settleMs
      : Math.min(timing.settleMs, UNTOLD_MS);
  }

  /** Whether a batch is not over yet. */
  get isBusy(): boolean {
    return this.#batch !== null;
  }

  touched(path: string, kind: "complete" | "writing" | "partial"): void {
    const now = this.#clock.now();
    this.#batch ??= { firstAt: now, lastAt: now };
    this.#batch.lastAt = this.#touchedAt = now;
    this.#completeAt = null;
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

  /** Emits, once it is quiet, what has changed while nothing could be emitted. */
  reconsider(): void {
    const now = this.#clock.now();
    this.#batch ??= { firstAt: now, lastAt: now };
    this.#schedule();
  }

  /** Whoever writes says that it is done: only what looks like half of a save is waited for, since it was touched. */
  complete(): void {
    if (this.#batch === null || this.#dirty.size > 0) return;
    const { halfway } = this.#handler.pending();
    this.#completeAt = halfway ? this.#touchedAt + this.#timing.settleMs : this.#batch.firstAt;
    this.#schedule();
  }

  /** Resolves once all that was touched so far has been scanned, and emitted where it can be. */
  drained(): Promise<void> {
    if (this.#isClosed || this.#dirty.size === 0 && !this.#isScanning) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  /** Whether an event of this path waits to be scanned. */
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
    this.#drain();
  }

  #drain(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  /** When the next thing is to be done. */
  #dueAt(batch: Batch): number {
    if (this.#completeAt !== null) return this.#completeAt;
    const wait = this.#dirty.size === 0
      ? this.#timing.settleMs * (this.#isSingle ? SINGLE_SHARE : 1)
      : this.#writing.size > 0
      ? this.#timing.maxWaitMs
      : this.#partial.size > 0
      ? this.#partialMs
      : this.#quickMs;
    return Math.min(batch.lastAt + wait, batch.firstAt + this.#timing.maxWaitMs);
  }

  #schedule(notBefore = 0): void {
    if (this.#batch === null || this.#isScanning || this.#isClosed) return;
    const now = this.#clock.now();
    const at = Math.max(this.#dueAt(this.#batch), notBefore, now);
    if (this.#timer !== null && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: this.#clock.after(at - now, () => this.#due()) };
  }

  #due(): void {
    this.#timer = null;
    const batch = this.#batch;
    if (batch === null) return;
    const now = this.#clock.now();
    if (now < this.#dueAt(batch)) this.#schedule();
    else if (this.#handler.isHeld(this.#dirty)) this.#schedule(now + HOLD_MS);
    else if (this.#dirty.size > 0) this.#scan(batch);
    else this.#conclude(batch);
  }

  async #scan(batch: Batch): Promise<void> {
    const paths = this.#dirty;
    this.#dirty = new Set();
    this.#partial.clear();
    this.#writing.clear();
    this.#isScanning = true;
    await this.#handler.scan(paths, batch);
    this.#isScanning = false;
    if (this.#isClosed) return;
    const now = this.#clock.now();
    if (now >= batch.firstAt + this.#timing.maxWaitMs) {
      this.#end(batch, this.#handler.pending());
      this.#batch = { firstAt: now, lastAt: now }; // What had no event is still to be looked for.
    } else if (this.#dirty.size === 0) {
      const changes = this.#handler.pending();
      if (!changes.halfway) this.#emit(batch, changes);
    }
    if (this.#dirty.size === 0) this.#drain();
    this.#schedule();
  }

  async #conclude(batch: { readonly firstAt: number; lastAt: number }): Promise<void> {
    const { halfway: wasHalfway } = this.#handler.pending();
    this.#isScanning = true;
    await this.#handler.recheck();
    this.#isScanning = false;
    if (this.#isClosed) return;
    const changes = this.#handler.pending();
    // A save that begins now may be seen before its events are heard.
    if (!wasHalfway && changes.halfway) batch.lastAt = this.#clock.now();
    else if (this.#dirty.size === 0) this.#end(batch, changes);
    if (this.#dirty.size === 0) this.#drain();
    this.#schedule();
  }

  /** Nothing has happened for the settle time, or the cap is reached: what is known now is final. */
  #end(batch: Batch, changes: Changes): void {
    this.#emit(batch, changes);
    this.#batch = this.#completeAt = null;
    const hasEmitted = this.#hasEmitted;
    this.#hasEmitted = this.#isSingle = false;
    if (hasEmitted) this.#handler.settled();
  }

  #emit(batch: Batch, changes: Changes): void {
    if (!this.#handler.emit({ ...batch }, changes)) return;
    const { tellsCloseFromWrite } = this.#timing;
    this.#isSingle = tellsCloseFromWrite && changes.paths.length === 1 && !this.#hasEmitted;
    this.#hasEmitted = true;
  }
}
