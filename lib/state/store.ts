/**
 * # Theory of operation
 *
 * A generation leaves its state at its `outPath`; `admit` reads it, and keeps a copy of what it read in the
 * folder `good`, where the newest few stay; the next generation gets a copy of that at its `resumePath`. What
 * cannot be believed moves to the folder `bad` and is never deleted.
 *
 * Only what this user's baton made is believed, run or removed: the folder has its marker in it, and what is
 * written there its seal, both made with a key that is kept outside of every project. A seal counts in the folder,
 * and under the number, that it was made for.
 *
 * A state is its bytes and, beside them, a sealed envelope that says what they must be. The envelope is
 * written first, and the rename of the bytes is the moment the state exists: killed at any point, baton
 * leaves either the old newest state or the new one, whole. Nothing is believed because of where it is:
 * every reading measures the bytes again.
 *
 * `admit` waits for no disk, as the program is dark meanwhile; `flush` syncs, and only then prunes.
 */
import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { statOrNull } from "../paths/lookup.ts";
import { roughAge } from "./age.ts";
import { AlsoFiles } from "./also/also_files.ts";
import { Archive } from "./archive.ts";
import type { RejectedState, Saved } from "./saved.ts";
import type { Envelope, Reading } from "./envelope.ts";
import { HandoverFiles, type Resumed } from "./handover_files.ts";
import { explained } from "../explain.ts";
import { type Fallback, type Note, openFolder } from "./folder.ts";
import type { Sealer } from "./sealer.ts";
import { openSecret } from "./secret.ts";

export type { RejectedState, Saved } from "./saved.ts";
/** A state that can be believed. */
export type Good = Extract<Reading, { found: "good" }>;
/** There is none. */
export type Missing = Extract<Reading, { found: "missing" }>;

export interface StoreSettings {
  /** The state folder, absolute. */
  readonly dir: string;
  /** How many good states are kept, at least 1. */
  readonly keep: number;
  /** How old a state may be for a baton that was itself started anew. */
  readonly maxAgeMs: number;
  /** The project's folder, and paths in it that are taken along with each state. */
  readonly cwd?: string;
  readonly also?: readonly string[];
}

/** The newest state that can be used. */
export interface Newest {
  /** That state, or none. */
  readonly reading: Good | Missing;
  /** What could not be used on the way to it, newest first. */
  readonly rejected: readonly RejectedState[];
}

/** The states of one project. Only the baton that has locked the folder may do more than `list`. */
export interface Store {
  readonly dir: string;
  /** Seals what is written in the folder. */
  readonly sealer: Sealer;
  /** Where else it is written down who holds the folder. */
  readonly note?: Note | undefined;
  /** To be called before anything is changed in the folder; throws `PlatformError`. */
  ensure(): void;
  /** Where the states are kept, and why not where they were asked to be; null where they are there. */
  readonly fallback: Fallback | null;
  /** `BATON_STATE_OUT` of a generation; participant 0 is the first to connect. */
  outPath(generation: number, participant?: number): string;
  /** `BATON_STATE_FILE` of a generation. */
  resumePath(generation: number): string;
  /**
   * Reads back what a generation saved and keeps a copy of it if it is what was claimed. That is on the
   * disk only after `flush`. What cannot be believed is set aside, but for a checkpoint: the program may
   * have written the next one already, so it stays. Where there is no room for the copy the file itself is
   * taken, and where there is none for the envelope it can still be handed over (`unrecorded`).
   */
  admit(saved: Saved): Reading;
  /** Admits the last state that a dead baton's program left, if it is newer than the newest good one. */
  adopt(reason: string): Reading;
  /** Keeps a state anew, as the newest, so that it is not the next to go. Throws `BatonError`. */
  recall(state: { readonly path: string; readonly envelope: Envelope }): Reading;
  /** Copies what is taken along beside a kept state; nothing of the program may run. Throws `BatonError`. */
  keepAlso(state: { readonly path: string }): void;
  /**
   * Puts back what was taken along with a state; what is there now is kept with `left`, the last state, or else where
   * the answer says. Throws `BatonError`.
   */
  putBackAlso(
    state: { readonly path: string },
    left: { readonly path: string } | null,
  ): string | null;
  /** Puts on the disk what was admitted, then removes all but the newest. Throws `BatonError`. */
  flush(): void;
  /** Reads the newest good state; those that cannot be believed are set aside, those too old stay. Throws `BatonError`. */
  newest(options: { startedAnew: boolean }): Newest;
  /**
   * Makes the folder ready for a generation: at its `resumePath` is a copy of the state, or nothing, and
   * nothing is at its `outPath`. Returns the path of the copy. Throws `BatonError`.
   */
  prepare(generation: number, state: Resumed | null): string | null;
  /** Gives a generation's folder to the user that its program runs as by now. Throws `BatonError`. */
  giveTo(generation: number, uid: number): void;
  /** Makes a generation's folder again where somebody removed it. Throws `BatonError`. */
  makeRoom(generation: number): void;
  /** Whether a state is still where it was stored, or may be. */
  holds(state: { readonly path: string }): boolean;
  /** Removes what generations up to this one left outside the store: of all of them with `Infinity`. */
  cleanUp(generation: number): void;
  /** Every state there is, those set aside among them, newest first. Changes nothing. */
  list(): Reading[];
}

const NEXT = "See what keeps the state folder from being read and written";

/**
 * Opens the state folder, making what is missing of it. Where this user may not write to it, a private
 * folder is used, and `fallback` says so. Throws `BatonError` where no folder can be had.
 */
export function openStore(platform: Platform, settings: StoreSettings): Store {
  const folder = openFolder(platform, openSecret(platform), settings.dir);
  const handover = new HandoverFiles(platform, folder);
  const archive = new Archive(platform, folder);
  const now = () => platform.clock.wallNow();
  const { cwd = platform.cwd, also: paths = [] } = settings;
  const also = paths.length === 0 ? null : new AlsoFiles(platform, folder, cwd, paths);

  function newest({ startedAnew }: { startedAnew: boolean }): Newest {
    const rejected: RejectedState[] = [];
    for (const reading of archive.readBack()) {
      if (reading.found !== "good") {
        rejected.push(reading);
        continue;
      }
      const ageMs = now() - reading.envelope.savedAt;
      if (!startedAnew || Math.abs(ageMs) <= settings.maxAgeMs) return { reading, rejected };
      const why = ageMs < 0
        ? `is dated ${
          roughAge(-ageMs)
        } from now, so that its age is not known: the clock was set back`
        : `is ${roughAge(ageMs)} old, ${roughAge(settings.maxAgeMs)} at most`;
      rejected.push({ found: "too old", why, path: reading.path });
      break;
    }
    return { reading: { found: "missing" }, rejected };
  }

  function adopt(reason: string): Reading {
    const out = handover.lastOut();
    if (out === null) return { found: "missing" };
    const { reading } = newest({ startedAnew: false });
    // What is dated after now says nothing: the clock was set back, and what was left is the last that was written.
    const isOlder = reading.found === "good" && out.at <= reading.envelope.savedAt &&
      reading.envelope.savedAt <= now();
    return isOlder ? { found: "missing" } : archive.take({ ...out, kind: "file", reason }, out.at);
  }

  function recall({ path, envelope }: { path: string; envelope: Envelope }): Reading {
    const { format: _, savedAt: __, sizeBytes, sha256, ...about } = envelope;
    folder.ensure();
    const draft: string = join(folder.dir, "generations", `recalled-${platform.randomId()}`);
    if (statOrNull(platform, path) === null) return { found: "missing" };
    platform.files.copy(path, draft);
    try {
      const claim = { sizeBytes, sha256 };
      const reading = archive.take({ ...about, path: draft, reason: "rewind", claim }, now());
      if (reading.found === "good") also?.share(path, reading.path);
      return reading;
    } finally {
      platform.files.remove(draft);
    }
  }

  return {
    ...folder,
    outPath: (generation, participant) => handover.outPath(generation, participant),
    resumePath: (generation) => handover.resumePath(generation),
    admit: (saved) => archive.take(saved, now(), handover.isSpare(saved.generation)),
    adopt: (reason) => explained("Cannot take over the state", NEXT, () => adopt(reason)),
    recall: (state) => explained("Cannot recall the state", NEXT, () => recall(state)),
    keepAlso: ({ path }) => also?.keep(path),
    putBackAlso: ({ path }, left) => also?.putBack(path, left?.path ?? null) ?? null,
    flush() {
      explained(
        "Cannot put the state on the disk",
        NEXT,
        () => {
          archive.sync();
          archive.prune(settings.keep);
        },
      );
    },
    newest: (options) => explained("Cannot read the states", NEXT, () => newest(options)),
    prepare: (generation, state) => handover.prepare(generation, state),
    giveTo: (generation, uid) => handover.giveTo(generation, uid),
    makeRoom: (generation) => handover.makeRoom(generation),
    holds: ({ path }) => statOrNull(platform, path) !== null,
    cleanUp: (generation) => handover.cleanUp(generation),
    list: () => explained("Cannot read the states", NEXT, () => archive.list()),
  };
}
