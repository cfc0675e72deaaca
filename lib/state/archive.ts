import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { type Envelope, FORMAT, type Reading, type StateKind } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "./fault.ts";
import { judge } from "./judge.ts";
import { compare, type Measure, measure, type Measured, type Refusal } from "./measure.ts";
import { seal } from "./seal.ts";
import { Shelf, type Slot } from "./shelf.ts";

/** A state that a program left at `path`. */
export interface Saved {
  readonly path: string;
  readonly generation: number;
  readonly kind: StateKind;
  /** Why it was saved, for people. */
  readonly reason: string;
  /** What the program said of the file. Without it, any file that is not empty is believed. */
  readonly claim?: Measure;
}

/** A state that cannot be believed: where it is, and why. */
export type Distrusted = Refusal & { readonly path: string };

/** The states that are kept, and those that were set aside. */
export class Archive {
  readonly #platform: Platform;
  readonly #good: Shelf;
  readonly #bad: Shelf;
  #unsynced: Slot[] = [];
  #next: number;

  constructor(platform: Platform, dir: string) {
    this.#platform = platform;
    this.#good = new Shelf(platform.files, join(dir, "good"));
    this.#bad = new Shelf(platform.files, join(dir, "bad"));
    const last = [this.#good, this.#bad].map((shelf) => shelf.slots()[0]?.number ?? 0);
    this.#next = Math.max(...last) + 1;
  }

  take(saved: Saved, savedAt: number): Reading {
    const { path, claim } = saved;
    const measured = measure(this.#platform, path);
    if (measured === null) return { found: "missing" };
    if ("why" in measured) return this.#refuse(saved, measured);
    const mismatch = claim === undefined ? null : compare(measured, claim);
    return mismatch === null ? this.#keep(saved, measured, savedAt) : this.#refuse(saved, mismatch);
  }

  sync(): void {
    const { files } = this.#platform;
    // What somebody has removed meanwhile is not waited for.
    this.#unsynced = this.#unsynced.filter(({ state }) => files.lstat(state) !== null);
    for (const slot of this.#unsynced) {
      files.sync(slot.state);
      files.sync(slot.envelope);
    }
    if (this.#unsynced.length > 0) files.sync(this.#good.folder);
    this.#unsynced = [];
  }

  prune(keep: number): void {
    for (const slot of this.#good.slots().slice(keep)) this.#good.clear(slot);
    this.#good.sweep();
  }

  /** The states that are there, newest first, each read back only when it is asked for. */
  *readBack(): Generator<Exclude<Reading, { found: "missing" }>> {
    for (const slot of this.#good.slots()) {
      const reading = judge(this.#platform, slot);
      if (reading.found === "missing") continue;
      yield reading.found === "good" ? reading : this.#setAside(slot, reading);
    }
  }

  list(): Reading[] {
    return [...this.#good.slots(), ...this.#bad.slots()]
      .sort((a, b) => b.number - a.number)
      .map((slot) => judge(this.#platform, slot))
      .filter(({ found }) => found !== "missing");
  }

  #keep({ path, generation, kind, reason }: Saved, measured: Measured, savedAt: number): Reading {
    const { files } = this.#platform;
    const { sizeBytes, sha256, inode } = measured;
    const about = { generation, kind, savedAt, reason };
    const envelope: Envelope = { format: FORMAT, sizeBytes, sha256, ...about };
    const slot = this.#good.at(this.#next++);
    let where = path;
    try {
      files.writeAtomically(slot.envelope, seal(this.#platform, envelope), { mode: 0o600 });
      files.rename(path, slot.state);
      where = slot.state;
      if (files.lstat(where)?.inode !== inode) {
        const reading = { found: "torn", why: "was replaced while it was read", path } as const;
        if (kind === "checkpoint") return this.#giveBack(slot, reading);
        return this.#setAside(slot, { ...reading, path: where });
      }
    } catch (error) {
      const why = `cannot be stored: ${reasonOf(refusedBySystem(error))}`;
      return this.#setAside(slot, { found: "torn", why, path: where });
    }
    this.#unsynced.push(slot);
    return { found: "good", path: where, envelope };
  }

  #refuse({ path, kind }: Saved, refusal: Refusal): Distrusted {
    const reading = { ...refusal, path };
    return kind === "checkpoint" ? reading : this.#setAside(this.#good.at(this.#next++), reading);
  }

  /** The program has saved a newer one meanwhile: what was taken is that, unless there is another by now. */
  #giveBack(slot: Slot, reading: Distrusted): Distrusted {
    const { files } = this.#platform;
    if (files.lstat(reading.path) === null) files.rename(slot.state, reading.path);
    this.#good.clear(slot);
    return reading;
  }

  /** Moves a state that cannot be believed, and its envelope, on the shelf `bad`. */
  #setAside(from: Slot, reading: Distrusted): Distrusted {
    const { files } = this.#platform;
    const to = this.#bad.at(from.number);
    try {
      files.rename(reading.path, to.state);
      if (files.lstat(from.envelope) !== null) files.rename(from.envelope, to.envelope);
      return { ...reading, path: to.state };
    } catch (error) {
      const why = `${reading.why}; it stays there: ${reasonOf(refusedBySystem(error))}`;
      return { ...reading, why };
    }
  }
}
