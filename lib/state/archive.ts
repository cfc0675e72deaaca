import { join } from "@std/path";
import type { FileDigest, Platform } from "../platform/platform.ts";
import { Checkpoints } from "./checkpoints.ts";
import { copyFrom } from "./copy.ts";
import { type Envelope, FORMAT, type Reading } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import type { StateFolder } from "./folder.ts";
import { type Checksum, compare, type Refusal } from "./checksum.ts";
import type { Sealer } from "./sealer.ts";
import type { RejectedState, Saved } from "./saved.ts";
import { type Slot, Slots } from "./slots.ts";
import { sealEnvelope, verify } from "./verify.ts";

/** A state whose envelope is not written yet, or is not on the disk. */
interface Unsynced {
  readonly slot: Slot;
  readonly envelope: Envelope;
  readonly isSealed: boolean;
}

/** How many states are looked at, at most. */
const MOST = 100;

/** No baton has saved as often: a larger number is one's own only where the state can be believed. */
const SURE = 1_000_000_000;

/** How many states are kept whose envelope there is no room for. */
const UNSEALED = 3;

type Folder = Pick<StateFolder, "dir" | "sealer" | "ensure">;

/** The states that are kept, and those that were set aside. */
export class Archive {
  readonly #platform: Platform;
  readonly #sealer: Sealer;
  readonly #ensure: () => void;
  readonly #good: Slots;
  readonly #bad: Slots;
  #unsynced: Unsynced[] = [];
  readonly #checkpoints = new Checkpoints();
  #next: number;

  constructor(platform: Platform, { dir, sealer, ensure }: Folder) {
    this.#platform = platform;
    this.#ensure = ensure;
    this.#sealer = sealer;
    this.#good = new Slots(platform.files, join(dir, "good"));
    this.#bad = new Slots(platform.files, join(dir, "bad"));
    this.#next = Math.max(this.#last(this.#good), this.#last(this.#bad)) + 1;
  }

  /** The last number that counts: after one that a checkout has brought there might be none that is found again. */
  #last(slots: Slots): number {
    const isOwn = (slot: Slot, index: number) =>
      slot.number < SURE ||
      index < MOST && verify(this.#platform, this.#sealer, slot).found === "good";
    return slots.filled().find(isOwn)?.number ?? 0;
  }

  /**
   * Takes bytes of its own of what a program saved: what the program does to its file later is not the state. `isSpare`
   * says that this is not in the state folder.
   */
  take(saved: Saved, savedAt: number, isSpare = false): Reading {
    try {
      return this.#take(saved, savedAt, isSpare);
    } catch (error) {
      const why = `cannot be stored: ${reasonOf(refusedBySystem(error))}`;
      return { found: "torn", why, path: saved.path };
    }
  }

  #take(saved: Saved, savedAt: number, isSpare: boolean): Reading {
    const { path, claim } = saved;
    // Looked at once: the program is dark meanwhile.
    const foreign = this.#whyForeign();
    // Without a claim, that it is in baton's own folder is all that says whose it is.
    if (claim === undefined && foreign !== null && !isSpare) {
      return { found: "corrupt", why: `cannot be believed: ${foreign}`, path };
    }
    const slot = this.#good.at(this.#next);
    const copied = copyFrom(this.#platform, path, foreign === null ? slot.partial : null);
    if (copied.found === null) return { found: "missing" };
    this.#next++;
    const { found } = copied;
    const refusal = "why" in found
      ? found
      : this.#isStrange(saved)
      ? { found: "corrupt", why: "belongs to another user than the program" } as const
      : claim === undefined
      ? null
      : compare(found, claim);
    if (refusal === null) {
      const envelope = this.#envelopeOf(saved, found as FileDigest, savedAt);
      if (foreign !== null) return { found: "good", path, envelope, unrecorded: foreign };
      return this.#keep(saved, slot, copied.isCopy, (found as FileDigest).inode, envelope);
    }
    if (copied.isCopy) this.#platform.files.remove(slot.partial);
    return this.#refuse(saved, refusal);
  }

  #whyForeign(): string | null {
    try {
      this.#ensure();
      return null;
    } catch (error) {
      return reasonOf(refusedBySystem(error));
    }
  }

  sync(): void {
    const { files } = this.#platform;
    if (this.#unsynced.length > 0) this.#ensure();
    // What somebody has removed meanwhile is not waited for.
    this.#unsynced = this.#unsynced.filter(({ slot }) => files.lstat(slot.state) !== null);
    for (const { slot, envelope, isSealed } of this.#unsynced) {
      if (!isSealed) this.#writeEnvelope(slot, envelope);
      files.sync(slot.state);
      files.sync(slot.envelope);
    }
    if (this.#unsynced.length > 0) files.sync(this.#good.folder);
    for (const number of this.#checkpoints.outlived(this.#unsynced.map((one) => one.envelope))) {
      this.#drop(this.#good.at(number));
    }
    this.#unsynced = [];
  }

  #drop(slot: Slot): void {
    this.#good.clear(slot);
    this.#checkpoints.forget(slot.number);
  }

  prune(keep: number): void {
    this.#ensure();
    for (const slot of this.#good.filled().slice(keep)) this.#drop(slot);
    this.#good.sweep();
  }

  /**
   * The newest states that are there, newest first, each read back only when it is asked for. No more than
   * `MOST`: a program may have left any number of files there.
   */
  *readBack(): Generator<Exclude<Reading, { found: "missing" }>> {
    for (const slot of this.#good.filled().slice(0, MOST)) {
      const reading = verify(this.#platform, this.#sealer, slot);
      if (reading.found === "missing") continue;
      yield reading.found === "good" ? reading : this.#setAside(slot, reading);
    }
  }

  list(): Reading[] {
    return [...this.#good.filled(), ...this.#bad.filled()]
      .sort((a, b) => b.number - a.number)
      .slice(0, MOST)
      .map((slot) => verify(this.#platform, this.#sealer, slot))
      .filter(({ found }) => found !== "missing");
  }

  /** Whoever has the bytes hands them over, whatever cannot be written beside them. */
  #keep(saved: Saved, slot: Slot, isCopy: boolean, inode: number, envelope: Envelope): Reading {
    const { files } = this.#platform;
    let isSealed = false;
    let why: string | null = null;
    try {
      this.#writeEnvelope(slot, envelope);
      isSealed = true;
    } catch (error) {
      why = reasonOf(refusedBySystem(error));
    }
    try {
      files.rename(isCopy ? slot.partial : saved.path, slot.state);
    } catch (error) {
      const unmoved = reasonOf(refusedBySystem(error));
      return { found: "good", path: saved.path, envelope, unrecorded: why ?? unmoved };
    }
    if (isCopy) this.#clear(saved.path, inode, slot);
    this.#unsynced.push({ slot, envelope, isSealed });
    this.#checkpoints.note(slot.number, envelope);
    this.#dropUnsealed();
    const good = { found: "good", path: slot.state, envelope } as const;
    return why === null ? good : { ...good, unrecorded: why };
  }

  #envelopeOf({ path: _, claim: __, ...about }: Saved, found: Checksum, savedAt: number): Envelope {
    const { sizeBytes, sha256 } = found;
    return { format: FORMAT, sizeBytes, sha256, savedAt, ...about };
  }

  /** Removes what was copied, but not what the program may have saved there since. */
  #clear(path: string, inode: number, slot: Slot): void {
    const { files } = this.#platform;
    try {
      files.rename(path, slot.partial);
      const isNewer = files.lstat(slot.partial)?.inode !== inode;
      if (isNewer && files.lstat(path) === null) files.rename(slot.partial, path);
      else files.remove(slot.partial);
    } catch (error) {
      refusedBySystem(error); // What stays goes with the generation's folder.
    }
  }

  /** A user to whom the place was given could put a further name of another user's file there. */
  #isStrange({ path, uid }: Saved): boolean {
    return uid !== undefined && this.#platform.files.owner(path)?.uid !== uid;
  }

  /** They cannot be told from torn ones later; the newest may still be read by who resumes from them. */
  #dropUnsealed(): void {
    const unsealed = this.#unsynced.filter(({ isSealed }) => !isSealed);
    for (const { slot } of unsealed.slice(0, -UNSEALED)) this.#platform.files.remove(slot.state);
  }

  /** Half of one does no harm: it means nothing until its state is there. */
  #writeEnvelope(slot: Slot, envelope: Envelope): void {
    const { files } = this.#platform;
    const text = sealEnvelope(this.#sealer, slot, envelope);
    if (files.createExclusively(slot.envelope, text, 0o600)) return;
    files.writeAtomically(slot.envelope, text, { mode: 0o600 });
  }

  /** A checkpoint stays: the program may have written the next one by now. */
  #refuse({ path, kind }: Saved, refusal: Refusal): RejectedState {
    const reading = { ...refusal, path };
    return kind === "checkpoint" ? reading : this.#setAside(this.#good.at(this.#next - 1), reading);
  }

  /** Moves a state that cannot be believed, and its envelope, to the folder `bad`. */
  #setAside(from: Slot, reading: RejectedState): RejectedState {
    const { files } = this.#platform;
    const to = this.#bad.at(from.number);
    try {
      this.#ensure();
      files.rename(reading.path, to.state);
      if (files.lstat(from.envelope) !== null) files.rename(from.envelope, to.envelope);
      return { ...reading, path: to.state };
    } catch (error) {
      const why = `${reading.why}; it stays there: ${reasonOf(refusedBySystem(error))}`;
      return { ...reading, why };
    }
  }
}
