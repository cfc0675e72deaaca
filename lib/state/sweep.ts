import { join } from "@std/path";
import { entriesOf, refusedBySystem } from "../explain.ts";
import type { Platform } from "../platform/platform.ts";
import { exposureOf, exposureOfLinks } from "./exposure.ts";
import { fallbacks } from "./folder.ts";
import { recordsOf } from "./lock.ts";
import { isGivenBack, isInUse, readRecord } from "./record.ts";
import type { Sealer } from "./sealer.ts";
import { findSecret } from "./secret.ts";
import { takenBefore } from "./take_folder.ts";

const DAY_MS = 86_400_000;
/** After so many days without use a folder of states, or of clients, is of no use to anybody. */
const FOLDER_MS = 30 * DAY_MS;
/** Long after anything of a run whose baton died may be of use. */
const NOTE_MS = 7 * DAY_MS;
/** What a killed baton had begun to make or to remove. */
const DRAFT_MS = DAY_MS;

/** So many entries of a folder are looked at in one go. */
const MOST = 50;

/** How long something of this name is kept after its last use, and whether it is provably baton's and unused. */
interface Kind {
  readonly name: RegExp;
  readonly kind: "file" | "directory";
  readonly keptMs: number;
  isOurs(platform: Platform, sealer: Sealer, path: string): boolean;
}

const KINDS: readonly Kind[] = [
  { name: /^run-[0-9a-f]{16}\.json$/, kind: "file", keptMs: NOTE_MS, isOurs: isOldNote },
  { name: /^[0-9a-f]{16}$/, kind: "directory", keptMs: FOLDER_MS, isOurs: isUnusedFolder },
  // Each baton that uses one says so once a day, by its date.
  { name: /^clients-[0-9a-f]{16}$/, kind: "directory", keptMs: FOLDER_MS, isOurs: () => true },
  { name: /^key\.[0-9a-f-]{36}\.tmp$/, kind: "file", keptMs: DRAFT_MS, isOurs: () => true },
  { name: /^\.swept-[0-9a-f-]{36}$/, kind: "directory", keptMs: DRAFT_MS, isOurs: () => true },
];

/**
 * Removes one thing, at most, that baton has left in this user's private folders, and that nothing has used for days:
 * the note of a run, a folder that states were kept in for a project, clients of another version. Says whether there may
 * be more. `used` are folders that are in use by this baton: that is noted by their dates. Throws `PlatformError`.
 */
export function sweep(platform: Platform, used: readonly string[]): boolean {
  const { files, clock } = platform;
  const secret = findSecret(platform);
  if (secret === null) return false;
  for (const path of used.filter((one) => files.owner(one) !== null)) {
    files.setModified(path, clock.wallNow());
  }
  for (const folder of fallbacks(platform).filter((one) => isPrivate(platform, one))) {
    for (const name of someNames(platform, folder)) {
      const path: string = join(folder, name);
      if (used.includes(path) || !isToGo(platform, secret.sealer, path, name)) continue;
      const doomed: string = join(folder, `.swept-${platform.randomId()}`);
      files.rename(path, doomed); // Half a folder would be taken for another's.
      files.remove(doomed, { recursive: true });
      return true;
    }
  }
  return false;
}

/** Only this user can have put there what is in it. */
function isPrivate(platform: Platform, folder: string): boolean {
  const { files } = platform;
  return files.owner(folder)?.kind === "directory" && exposureOfLinks(platform, folder) === null &&
    exposureOf(platform, files.realPath(folder)) === null;
}

/** Other ones each time, where there are many. */
function someNames(platform: Platform, folder: string): string[] {
  const names = entriesOf(platform.files, folder).map(({ name }) => name).sort();
  const from = parseInt(platform.randomId().slice(0, 8), 16) % Math.max(1, names.length);
  return [...names.slice(from), ...names.slice(0, from)].slice(0, MOST);
}

function isToGo(platform: Platform, sealer: Sealer, path: string, name: string): boolean {
  const { files, clock, user } = platform;
  const kind = KINDS.find((one) => one.name.test(name));
  if (kind === undefined) return false;
  try {
    const found = files.lstat(path);
    if (found?.kind !== kind.kind) return false;
    if (user !== null && files.owner(path)?.uid !== user.uid) return false;
    return clock.wallNow() - found.mtimeMs > kind.keptMs && kind.isOurs(platform, sealer, path);
  } catch (error) {
    refusedBySystem(error); // Who cannot be looked at is not known to be baton's.
    return false;
  }
}

/** The run is over, and nothing that it started is left. */
function isOldNote(platform: Platform, sealer: Sealer, path: string): boolean {
  const record = readRecord(platform.files, sealer, path);
  return record !== null && !isGivenBack(record) && !isInUse(platform, record);
}

/** Nothing in it is younger, nothing that was left in it runs, and nothing was set aside for a person to look at. */
function isUnusedFolder(platform: Platform, sealer: Sealer, dir: string): boolean {
  const { files, clock } = platform;
  const taken = takenBefore(platform, sealer, dir);
  if (taken === null || entriesOf(files, join(dir, "bad")).length > 0) return false;
  const inside = [dir, join(dir, "good")].flatMap((folder) =>
    entriesOf(files, folder).map(({ name }) => join(folder, name))
  );
  const isOld = inside.every((path) =>
    clock.wallNow() - (files.lstat(path)?.mtimeMs ?? 0) > FOLDER_MS
  );
  const records = recordsOf(platform, { dir, sealer: sealer.boundTo(taken.id) });
  return isOld && !records.some((record) => isInUse(platform, record));
}
