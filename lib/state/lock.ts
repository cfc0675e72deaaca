import { join } from "@std/path";
import type { EnvironmentMark, Files, Platform } from "../platform/platform.ts";
import { entriesOf, explained } from "../explain.ts";
import {
  describeSelf,
  keepRecord,
  type KeptRecord,
  lives,
  readRecord,
  type RecordKeeper,
  type RunRecord,
  sealRecord,
} from "./record.ts";
import type { StateFolder } from "./folder.ts";

/** `orphaned` is the run of a baton that died in this folder. */
export type Lock =
  | { readonly locked: true; readonly record: RecordKeeper; readonly orphaned: RunRecord | null }
  | { readonly locked: false; readonly holder: RunRecord };

interface Numbered {
  readonly number: number;
  readonly path: string;
}

const NAME = /^run-(\d{1,15})\.json$/;
const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/**
 * Locks the folder for this process; of several that try at once, exactly one gets it. A holder that is
 * dead is taken over. Throws `BatonError` where the record cannot be written.
 *
 * Each contender creates the record with the next number, which only one can, and then looks around: where
 * a higher number is there, or a lower one that lives, it steps back. Of any two, the later to look sees
 * the other. The highest record is not removed but emptied when the folder is given back, so that one who
 * looks at an outdated list never gets an old number. One that is cut short has an owner who has yet to
 * look around. Where there is none, the folder may have been removed under a holder, who has left a note elsewhere.
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
      const highest = recordsIn(files, dir)[0];
      const newest = highest?.path ?? note;
      const last = newest === undefined ? null : readRecord(files, sealer, newest);
      if (last !== null && lives(platform, last)) return { locked: false, holder: last };

      const orphaned = last?.generations.length === 0 ? last.before ?? last : last;
      const own = numbered(dir, (highest?.number ?? 0) + 1);
      const kept: KeptRecord = { ...self, before: orphaned ?? undefined };
      if (!files.createExclusively(own.path, sealRecord(sealer, kept), 0o600)) continue;

      const others = recordsIn(files, dir).filter(({ number }) => number !== own.number);
      const ahead = others.some(({ number, path }) => {
        const other = readRecord(files, sealer, path);
        return number > own.number || (other !== null && lives(platform, other));
      });
      if (ahead) {
        files.remove(own.path);
        continue;
      }
      for (const { path } of others) files.remove(path);
      return { locked: true, record: keepRecord(platform, folder, own.path, kept), orphaned };
    }
  });
}

/** The run that holds the folder; null where none does. Changes nothing. */
export function holderOf(
  platform: Platform,
  { dir, sealer }: Pick<StateFolder, "dir" | "sealer">,
): RunRecord | null {
  const { files } = platform;
  return explained("Cannot read what runs here", NEXT, () => {
    const records = recordsIn(files, dir).map(({ path }) => readRecord(files, sealer, path));
    return records.find((record) => record !== null && lives(platform, record)) ?? null;
  });
}

function numbered(dir: string, number: number): Numbered {
  return { number, path: join(dir, `run-${number}.json`) };
}

/** The records in the folder, highest number first. */
function recordsIn(files: Files, dir: string): Numbered[] {
  return entriesOf(files, dir)
    .flatMap(({ name }) => NAME.exec(name)?.[1] ?? [])
    .map((number) => numbered(dir, Number(number)))
    .sort((a, b) => b.number - a.number);
}
