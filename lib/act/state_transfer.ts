import type { Saved } from "../decide/event.ts";
import type { StoredState } from "../decide/context.ts";
import { BatonError, type Explanation } from "../errors.ts";
import type { Reading, VersionMarks } from "../state/envelope.ts";
import type { Good, Store } from "../state/store.ts";

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

/** Takes states from one generation and lays them out for the next; the disk is waited for later. */
export class StateTransfer {
  readonly #store: Store;
  readonly #onTrouble: (trouble: Explanation) => void;
  readonly #onKept: (state: StoredState) => void;
  readonly #marksOf: (generation: number) => VersionMarks;
  #laidOut: LaidOut | null = null;
  #taken: Good | null = null;
  /** By generation, the user that its folder was given to. */
  readonly #givenTo = new Map<number, number>();

  /** `marksOf` tells what is known of a generation; `onKept` is told of each state that is kept. */
  constructor(
    store: Store,
    onTrouble: (trouble: Explanation) => void,
    marksOf: (generation: number) => VersionMarks = () => ({}),
    onKept: (state: StoredState) => void = () => {},
  ) {
    this.#store = store;
    this.#onTrouble = onTrouble;
    this.#marksOf = marksOf;
    this.#onKept = onKept;
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
    const path = this.tolerate(() => this.#store.prepare(generation, here)) ?? here?.path ?? null;
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
    if (reading.found === "good") this.#taken = reading;
    return reading;
  }

  /**
   * A folder to save in, should it have been removed; with `uid` it is given to that user, as whom the program
   * goes on that root has started.
   */
  makeRoom(generation: number, uid: number | null): void {
    this.tolerate(() => this.#store.makeRoom(generation));
    if (uid === null || this.#givenTo.get(generation) === uid) return;
    this.tolerate(() => this.#store.giveTo(generation, uid));
    this.#givenTo.set(generation, uid);
  }

  /** Reads what a program without the pipe has left. */
  collect(generation: number): Reading {
    const path = this.#store.outPath(generation);
    return this.#admit({ path, generation, kind: "file", reason: "left" });
  }

  #admit(unmarked: Parameters<Store["admit"]>[0]): Reading {
    const saved = { ...unmarked, ...this.#marksOf(unmarked.generation) };
    const uid = this.#givenTo.get(saved.generation);
    const reading = this.#store.admit(uid === undefined ? saved : { ...saved, uid });
    if (reading.found === "good") this.#onKept(reading);
    if (reading.found === "good" && reading.unrecorded !== undefined) {
      this.#onTrouble({ ...UNRECORDED, what: `${UNRECORDED.what}: ${reading.unrecorded}` });
    }
    return reading;
  }

  /** Puts on the disk what was taken; `oldest` is the oldest generation alive. */
  flush(oldest: number): void {
    this.tolerate(() => this.#store.flush());
    this.tolerate(() => this.#store.cleanUp(oldest - 1));
  }

  /** Does what may fail without the program being the worse for it. */
  tolerate<T>(run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      this.#onTrouble(error);
      return null;
    }
  }
}
