import type { Saved } from "../decide/event.ts";
import type { StoredState } from "../decide/context.ts";
import { BatonError, type Explanation } from "../errors.ts";
import { PlatformError } from "../platform/platform.ts";
import type { Reading, VersionMarks } from "../state/envelope.ts";
import type { Good, Store } from "../state/store.ts";

export interface TransferOptions {
  readonly store: Store;
  onTrouble(trouble: Explanation): void;
  /** What is known of a generation. */
  readonly marksOf?: ((generation: number) => VersionMarks) | undefined;
  /** Told of each state that is kept. */
  readonly onKept?: ((state: StoredState) => void) | undefined;
  /** States that are gone back to: with each what was taken along with it is put back, once. */
  readonly goneBackTo?: WeakSet<StoredState> | undefined;
}

interface LaidOut {
  readonly generation: number;
  /** The stored state; null where there is none. */
  readonly from: string | null;
  readonly path: string | null;
}

const REMOVED: Explanation = {
  what: "The state was removed from outside: the next generation starts without it",
  next: "Leave the state folder out of what is cleaned, as with git clean -e .baton",
};

const UNRECORDED = {
  what: "The state is handed over, but a baton that is started later will not find it",
  next: "Free the place; what is saved from then on is kept",
};

const REPLACED: Explanation = {
  what: "What was beside the state was put back, and what was there before is kept aside",
  next: "Take from there what you need: it goes with the next that is put there",
};

/** What may fail without the program being the worse for it. */
type Doing =
  | ("lay out" | "make room" | "give" | "put back" | "keep beside" | "flush" | "clean up")
  | ("seal" | "write down" | "inject");

/** Takes states from one generation and lays them out for the next; the disk is waited for later. */
export class StateTransfer {
  readonly #store: Store;
  readonly #onTrouble: (trouble: Explanation) => void;
  readonly #onKept: (state: StoredState) => void;
  readonly #marksOf: (generation: number) => VersionMarks;
  #laidOut: LaidOut | null = null;
  #taken: Good | null = null;
  readonly #goneBackTo: Pick<WeakSet<StoredState>, "delete">;
  /** The state that what is taken along was copied with, as long as nobody runs who may change that. */
  #left: Good | null = null;
  /** Why that fails, as it was told. */
  readonly #told = new Map<Doing, string>();
  /** By generation, the user that its folder was given to. */
  readonly #givenTo = new Map<number, number>();

  constructor({ store, onTrouble, marksOf, onKept, goneBackTo }: TransferOptions) {
    this.#store = store;
    this.#onTrouble = onTrouble;
    this.#marksOf = marksOf ?? (() => ({}));
    this.#onKept = onKept ?? (() => {});
    this.#goneBackTo = goneBackTo ?? new WeakSet();
  }

  /**
   * The path of the state to resume from: the stored one itself where it cannot be copied. What was laid
   * out last is not laid out again.
   */
  layOut(generation: number, state: StoredState | null): string | null {
    const from = state?.path ?? null;
    const last = this.#laidOut;
    if (last?.generation === generation && last.from === from) return last.path;
    const isGone = state !== null && !this.#store.holds(state);
    if (isGone) this.#onTrouble({ ...REMOVED, where: state.path });
    const here = isGone ? null : state;
    const path = this.tolerate("lay out", () => this.#store.prepare(generation, here)) ??
      here?.path ?? null;
    this.#givenTo.delete(generation);
    if (here?.envelope.uid !== undefined) this.#givenTo.set(generation, here.envelope.uid);
    this.#laidOut = { generation, from, path };
    return path;
  }

  /** What was laid out for a generation, for its other participants. */
  laidOut(generation: number): string | null {
    if (this.#laidOut?.generation === generation) return this.#laidOut.path;
    const path = this.#store.resumePath(generation);
    return this.#store.holds({ path }) ? path : null;
  }

  /**
   * Reads back what a participant says it has saved. Where it saved the same twice, the file may have been
   * taken with the first claim.
   */
  check({ generation, kind, bytes: sizeBytes, sha256, participant }: Saved): Reading {
    const own = this.#store.outPath(generation, participant);
    // One that joined later and saves unasked knows no path but that of `BATON_STATE_OUT`.
    const isThere = participant === 0 || this.#store.holds({ path: own });
    const path = isThere ? own : this.#store.outPath(generation);
    const claim = { sizeBytes, sha256 };
    const reading = this.#admit({ path, generation, kind, reason: kind, claim });
    if (reading.found === "missing" && this.#taken !== null) {
      const { envelope } = this.#taken;
      const same = envelope.generation === generation && envelope.sha256 === sha256;
      return same ? this.#taken : reading;
    }
    return reading;
  }

  /**
   * A folder to save in, should it have been removed; with `uid` it is given to that user, as whom the program
   * goes on that root has started.
   */
  makeRoom(generation: number, uid: number | null): void {
    this.tolerate("make room", () => this.#store.makeRoom(generation));
    if (uid === null || this.#givenTo.get(generation) === uid) return;
    this.tolerate("give", () => this.#store.giveTo(generation, uid));
    this.#givenTo.set(generation, uid);
  }

  /**
   * What `layOut` does, for who runs on from there, and nobody else does: of a state that is gone back to, what was
   * taken along with it is put back.
   */
  handOver(generation: number, state: StoredState | null): string | null {
    const left = this.#left;
    this.#left = null;
    if (state !== null && this.#goneBackTo.delete(state)) {
      const aside = this.tolerate("put back", () => this.#store.putBackAlso(state, left));
      if (aside !== null) this.#onTrouble({ ...REPLACED, where: aside });
    }
    return this.layOut(generation, state);
  }

  /** No process of a generation is left: reads what it has left, where it did not speak, and keeps what goes with it. */
  bury(generation: number, spoke: boolean): Reading {
    const left = spoke ? { found: "missing" } as const : this.#collect(generation);
    const taken = this.#taken;
    if (taken?.envelope.generation === generation && taken.envelope.kind !== "checkpoint") {
      this.tolerate("keep beside", () => {
        this.#store.keepAlso(taken);
        this.#left = taken;
      });
    }
    return left;
  }

  #collect(generation: number): Reading {
    const path = this.#store.outPath(generation);
    return this.#admit({ path, generation, kind: "file", reason: "left" });
  }

  #admit(unmarked: Parameters<Store["admit"]>[0]): Reading {
    const saved = { ...unmarked, ...this.#marksOf(unmarked.generation) };
    const uid = this.#givenTo.get(saved.generation);
    const reading = this.#store.admit(uid === undefined ? saved : { ...saved, uid });
    if (reading.found === "good") {
      this.#taken = reading;
      this.#onKept(reading);
      this.#sealed(reading.unrecorded);
    }
    return reading;
  }

  /** Puts on the disk what was taken; `oldest` is the oldest generation alive. */
  flush(oldest: number): void {
    this.tolerate("flush", () => this.#store.flush());
    this.tolerate("clean up", () => this.#store.cleanUp(oldest - 1));
  }

  #sealed(failure: string | undefined): void {
    if (failure === undefined) {
      this.#told.delete("seal");
      return;
    }
    const what = `${UNRECORDED.what}: ${failure}`;
    this.#tell("seal", UNRECORDED.what, { ...UNRECORDED, what });
  }

  /** Does what may fail without the program being the worse for it: why it fails is told once, until it does not. */
  tolerate<T>(doing: Doing, run: () => T): T | null {
    try {
      const done = run();
      this.#told.delete(doing);
      return done;
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      const { cause } = error;
      this.#tell(doing, cause instanceof PlatformError ? cause.code : error.what, error);
      return null;
    }
  }

  /** The same is told with another path each time. */
  #tell(doing: Doing, why: string, trouble: Explanation): void {
    if (this.#told.get(doing) === why) return;
    this.#told.set(doing, why);
    this.#onTrouble(trouble);
  }
}
