import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { type Envelope, FORMAT, type Reading, type StateKind } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "./fault.ts";
import { judge } from "./judge.ts";
import { compare, type Measure, measure, type Refusal } from "./measure.ts";
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
    const { files } = this.#platform;
    const { path, generation, kind, reason, claim } = saved;
    const inode = files.lstat(path)?.inode;
    const measured = measure(this.#platform, path);
    if (measured === null) return { found: "missing" };
    const refusal = "why" in measured ? measured : claim ? compare(measured, claim) : null;
    if (refusal !== null && kind === "checkpoint") return { ...refusal, path };

    const slot = this.#good.at(this.#next++);
    const is = claim ?? measured;
    if ("why" in is) return this.#setAside(slot, { ...is, path });
    const { sizeBytes, sha256 } = is;
    const envelope: Envelope = {
      format: FORMAT,
      sizeBytes,
      sha256,
      generation,
      kind,
      savedAt,
      reason,
    };
    try {
      files.writeAtomically(slot.envelope, seal(this.#platform, envelope), { mode: 0o600 });
      if (refusal !== null) return this.#setAside(slot, { ...refusal, path });
      files.rename(path, slot.state);
    } catch (error) {
      const why = `cannot be stored: ${reasonOf(refusedBySystem(error))}`;
      return this.#setAside(slot, { found: "torn", why, path });
    }
    if (files.lstat(slot.state)?.inode !== inode) {
      const why = "was replaced while it was read";
      return this.#setAside(slot, { found: "torn", why, path: slot.state });
    }
    this.#unsynced.push(slot);
    return { found: "good", path: slot.state, envelope };
  }

  sync(): void {
    const { files } = this.#platform;
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
