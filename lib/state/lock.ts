import { join } from "@std/path";
import type { EnvironmentMark, Files, Platform } from "../platform/platform.ts";
import { entriesOf, explained } from "../explain.ts";
import {
  describeSelf,
  isGivenBack,
  keepRecord,
  type KeptRecord,
  lives,
  readRecord,
  type RecordKeeper,
  type RunRecord,
  sealRecord,
} from "./record.ts";
import type { StateFolder } from "./folder.ts";
import type { Sealer } from "./sealer.ts";

/** `orphaned` is the run of a baton that died in this folder; `strange` are records that no baton wrote there. */
export type Lock =
  | {
    readonly locked: true;
    readonly record: RecordKeeper;
    readonly orphaned: RunRecord | null;
    readonly strange: readonly string[];
  }
  | { readonly locked: false; readonly holder: RunRecord };

interface Numbered {
  readonly number: number;
  readonly path: string;
}

/** A file of that name; `record` is null where nothing says that a baton wrote it: it may be about to. */
interface Found extends Numbered {
  readonly record: ReturnType<typeof readRecord>;
}

const NAME = /^run-([1-9]\d{0,14})\.json$/;
const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/**
 * Locks the folder for this process; of several that try at once, exactly one gets it. A holder that is
 * dead is taken over. Throws `BatonError` where the record cannot be written.
 *
 * Each contender creates the record with the next number, which only one can, and then looks around: where
 * a higher number is there, or a lower one that lives, it steps back. Of any two, the later to look sees
 * the other. The highest record is not removed when the folder is given back but says so, so that one who
 * looks at an outdated list never gets an old number. What has no seal does not count: its owner has yet to
 * look around, or it is nobody's. Where there is none, the folder may have been removed under a holder, who has
 * left a note elsewhere.
 */
export function lockFolder(
  platform: Platform,
  folder: Pick<StateFolder, "dir" | "sealer" | "ensure" | "note">,
  command: readonly string[],
  mark: EnvironmentMark,
): Lock {
  const { files } = platform;
  const { dir, sealer, note } = folder;
  const self = describeSelf(platform, command, mark);
  return explained("Cannot lock the state folder", NEXT, (): Lock => {
    for (;;) {
      const found = foundIn(files, sealer, dir);
      const highest = found.find(({ record }) => record !== null);
      const newest = highest === undefined ? readNote(files, note) : highest.record;
      const last = newest === null || isGivenBack(newest) ? null : newest;
      if (last !== null && lives(platform, last)) return { locked: false, holder: last };

      const orphaned = last?.generations.length === 0 ? last.before ?? last : last;
      const own = numbered(dir, nextNumber(highest?.number ?? 0, found));
      const kept: KeptRecord = { ...self, before: orphaned ?? undefined };
      if (!files.createExclusively(own.path, sealRecord(sealer, own.path, kept), 0o600)) continue;

      const others = foundIn(files, sealer, dir).filter(({ number }) => number !== own.number);
      const sealed = others.filter(({ record }) => record !== null);
      if (sealed.some((one) => one.number > own.number || isHeld(platform, one))) {
        files.remove(own.path);
        continue;
      }
      for (const { path } of sealed) files.remove(path);
      const strange = others.filter(({ record }) => record === null).map(({ path }) => path);
      const record = keepRecord(platform, folder, own.path, kept);
      return { locked: true, record, orphaned, strange };
    }
  });
}

/** The run that holds the folder; null where none does. Changes nothing. */
export function holderOf(
  platform: Platform,
  { dir, sealer }: Pick<StateFolder, "dir" | "sealer">,
): RunRecord | null {
  return explained("Cannot read what runs here", NEXT, () => {
    const records = recordsOf(platform, { dir, sealer });
    return records.find((record) => lives(platform, record)) ?? null;
  });
}

/** What says who runs in the folder, or ran and was not ended. */
export function recordsOf(
  { files }: Pick<Platform, "files">,
  { dir, sealer }: Pick<StateFolder, "dir" | "sealer">,
): KeptRecord[] {
  return foundIn(files, sealer, dir).flatMap(({ record }) =>
    record === null || isGivenBack(record) ? [] : [record]
  );
}

function readNote(files: Files, note: StateFolder["note"]): Found["record"] {
  return note === undefined ? null : readRecord(files, note.sealer, note.path);
}

function isHeld(platform: Platform, { record }: Found): boolean {
  return record !== null && !isGivenBack(record) && lives(platform, record);
}

/** The first after `last` whose name is free. */
function nextNumber(last: number, found: readonly Numbered[]): number {
  const used = new Set(found.map(({ number }) => number));
  let next = last + 1;
  while (used.has(next)) next += 1;
  return next;
}

function numbered(dir: string, number: number): Numbered {
  return { number, path: join(dir, `run-${number}.json`) };
}

/** The records in the folder, highest number first. */
function foundIn(files: Files, sealer: Sealer, dir: string): Found[] {
  return entriesOf(files, dir)
    .flatMap(({ name }) => NAME.exec(name)?.[1] ?? [])
    .map((digits) => numbered(dir, Number(digits)))
    .sort((a, b) => b.number - a.number)
    .map((one) => ({ ...one, record: readRecord(files, sealer, one.path) }));
}
