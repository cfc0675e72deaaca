import { join } from "@std/path";
import type { Files, Platform } from "../platform/platform.ts";
import { refusedBySystem } from "../explain.ts";
import { type FolderIdentity, folderIdentity } from "./folder_identity.ts";
import type { Sealer } from "./sealer.ts";

/** In each state folder, as the first thing that is made in it. */
const NAME = "marker.json";
/** What a baton leaves that was killed while it wrote one. */
const DRAFT = /^marker\.json\.[0-9a-f-]{36}\.tmp$/;
const PURPOSE = "state folder";
const MAX_BYTES = 1_024;

/** What its seal vouches for. */
interface Marker extends FolderIdentity {
  readonly format: 1;
  /** No other folder has it. */
  readonly id: string;
}

type Host = Pick<Platform, "files">;

/** Marks a folder as one that baton made, on the disk: one that a power cut emptied would be refused for ever. */
export function markFolder(
  { files, randomId }: Pick<Platform, "files" | "randomId">,
  sealer: Sealer,
  dir: string,
  id: string = randomId(),
): void {
  const text = sealer.seal(PURPOSE, { format: 1, ...folderIdentity({ files }, dir), id });
  files.writeAtomically(join(dir, NAME), text, { mode: 0o600, sync: true });
}

export function isMarked(host: Host, sealer: Sealer, dir: string): boolean {
  return markOf(host, sealer, dir) !== null;
}

/**
 * The id of a folder that baton, as this user, made: null for a copy of one, and for one that came with a
 * checkout. A folder that is moved or renamed keeps it. A copy was born later, which nobody can set. The inode says it only where no birth is told: a
 * folder that is removed leaves its number to the next.
 */
export function markOf({ files }: Host, sealer: Sealer, dir: string): string | null {
  const path: string = join(dir, NAME);
  if (files.lstat(path)?.kind !== "file") return null;
  const found = sealer.open(PURPOSE, textOf(files, path)) as Marker | null;
  if (found === null) return null;
  const { inode, bornMs } = folderIdentity({ files }, dir);
  const isHere = bornMs !== null && found.bornMs !== null
    ? found.bornMs === bornMs
    : found.inode === inode;
  return isHere ? found.id : null;
}

/** Whether a file is where the marker belongs. */
export function hasMarker(files: Files, dir: string): boolean {
  return files.owner(join(dir, NAME))?.kind === "file";
}

/** Nothing where it is larger than any marker. */
function textOf(files: Files, path: string): string {
  try {
    const bytes = files.readRegular(path, { maxBytes: MAX_BYTES, follow: false });
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (refusedBySystem(error).code === "EFBIG") return "";
    throw error;
  }
}

/** Whether nothing is in a folder but what a baton left that was killed while it made it. */
export function isUnused(names: readonly string[]): boolean {
  return names.every((name) => DRAFT.test(name));
}
