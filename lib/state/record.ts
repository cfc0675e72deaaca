import { basename } from "@std/path";
import type { EnvironmentMark, Files, Platform } from "../platform/platform.ts";
import { explained, refusedBySystem } from "../explain.ts";
import type { StateFolder } from "./folder.ts";
import type { Sealer } from "./sealer.ts";
import type { LeftFolder } from "./temporary.ts";

/** A process that is told from a later one with the same pid by its start time; null: it was gone at once. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string | null;
}

/** A generation that may have a living process. */
export interface StartedGeneration extends ProcessIdentity {
  readonly generation: number;
  /** It took part on the pipe: it stops and saves by itself once baton is gone. */
  readonly speaks?: boolean | undefined;
}

/** Who runs, or ran, in a folder. */
export interface RunRecord extends ProcessIdentity {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly command: readonly string[];
  /** What every process of the run has in its environment. */
  readonly mark: EnvironmentMark;
  readonly generations: readonly StartedGeneration[];
  /** Where its pipes are; absent before a generation was started. */
  readonly temporary?: LeftFolder | undefined;
  /** Where it takes commands; absent before it does. */
  readonly control?: ControlAddress | undefined;
}

/** Where a baton takes commands, and who may understand it. */
export interface ControlAddress {
  readonly address: string;
  readonly protocol: number;
  /** Baton's version. */
  readonly version: string;
}

/** The record as it is kept: `before` is an earlier run whose rest this one has yet to end. */
export type KeptRecord = RunRecord & { readonly before?: RunRecord | undefined };

/** Keeps the record of the run that has locked a folder. What cannot be written throws `BatonError`. */
export interface RecordKeeper {
  /** Where the pipes are: written down with the first generation. */
  temporary(folder: LeftFolder): void;
  /** A generation was started. With the first one, what an earlier run left counts as ended. */
  generation(generation: number, pid: number): void;
  /** The generation said hello. */
  speaks(generation: number): void;
  /** No process of the generation is left. */
  gone(generation: number): void;
  /** Commands are taken there from now on: whoever holds the folder is written down elsewhere, too. */
  control(control: ControlAddress): void;
  /** Gives the folder back, with what was found in it where that is not ended yet. */
  release(): void;
}

/** The record of this process, before its first generation. */
export function describeSelf(
  { clock, processes }: Platform,
  command: readonly string[],
  mark: EnvironmentMark,
): RunRecord {
  const pid = processes.self;
  const startTime = processes.startTime(pid);
  return { pid, startTime, startedAt: clock.wallNow(), command, mark, generations: [] };
}

const MAX_BYTES = 1_048_576;

/** Who held the folder has given it back. */
type GivenBack = Record<string, never>;

/** The record as it is written to the disk: under another name it counts for nothing. */
export function sealRecord(sealer: Sealer, path: string, kept: KeptRecord | GivenBack): string {
  return sealer.seal(purposeOf(path), kept);
}

const purposeOf = (path: string) => `run ${basename(path)}`;

/** Whether a record says who runs, or that the folder was given back. */
export function isGivenBack(record: KeptRecord | GivenBack): record is GivenBack {
  return !("pid" in record);
}

/** The record at `path`; null where there is none, or one that is about to be written, or that this user's baton did not write there. */
export function readRecord(
  files: Files,
  sealer: Sealer,
  path: string,
): KeptRecord | GivenBack | null {
  try {
    const bytes = files.readRegular(path, { maxBytes: MAX_BYTES, follow: false });
    // The seal vouches for its shape.
    return sealer.open(purposeOf(path), new TextDecoder().decode(bytes)) as
      | KeptRecord
      | GivenBack
      | null;
  } catch (error) {
    const { code } = refusedBySystem(error);
    if (NO_RECORD.includes(code)) return null;
    throw error;
  }
}

const NO_RECORD = ["ENOENT", "EFTYPE", "ELOOP", "EFBIG"];

/** Whether the process that is meant is alive. */
export function lives({ processes }: Platform, { pid, startTime }: ProcessIdentity): boolean {
  return startTime !== null && processes.startTime(pid) === startTime;
}

/** Whether the baton of a record lives, or anything that it, or the one before it, has started. */
export function isInUse(platform: Platform, record: KeptRecord): boolean {
  const { generations, mark, before } = record;
  return [record, ...generations].some((one) => lives(platform, one)) ||
    platform.processes.withMark(mark).length > 0 ||
    before !== undefined && isInUse(platform, before);
}

/** Keeps `kept` at `path` in the state folder. */
export function keepRecord(
  platform: Platform,
  folder: Pick<StateFolder, "sealer" | "ensure" | "note">,
  path: string,
  kept: KeptRecord,
): RecordKeeper {
  const { files, processes } = platform;
  const { sealer, note } = folder;
  function keep(next: KeptRecord): void {
    kept = next;
    write(kept);
  }

  function write(record: KeptRecord | GivenBack): void {
    explained(
      "Cannot write down what runs",
      "See what keeps the folder from being written",
      () => {
        folder.ensure();
        files.writeAtomically(path, sealRecord(sealer, path, record), { mode: 0o600 });
      },
    );
  }

  /** Who finds no note is none the worse for it, unless the folder is removed. */
  function tolerate(run: () => void): void {
    try {
      run();
    } catch (error) {
      refusedBySystem(error);
    }
  }

  return {
    temporary(folder) {
      kept = { ...kept, temporary: folder };
    },
    generation(generation, pid) {
      const started = { generation, pid, startTime: processes.startTime(pid) };
      const { before: _, ...self } = kept;
      keep({ ...self, generations: [...self.generations, started] });
    },
    speaks(generation) {
      if (kept.generations.some((one) => one.generation === generation && one.speaks)) return;
      const generations = kept.generations.map((one) =>
        one.generation === generation ? { ...one, speaks: true } : one
      );
      keep({ ...kept, generations });
    },
    gone(generation) {
      const generations = kept.generations.filter((other) => other.generation !== generation);
      keep({ ...kept, generations });
    },
    control(control) {
      keep({ ...kept, control });
      if (note === undefined) return;
      const text = sealRecord(note.sealer, note.path, kept);
      tolerate(() => files.writeAtomically(note.path, text, { mode: 0o600 }));
    },
    release() {
      if (note !== undefined) tolerate(() => files.remove(note.path));
      write(kept.before ?? {});
    },
  };
}
