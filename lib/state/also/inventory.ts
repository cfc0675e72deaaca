import { dirname, join, relative } from "@std/path";
import { BatonError } from "../../errors.ts";
import { entriesOf } from "../../explain.ts";
import { isWithin } from "../../paths/path.ts";
import type { Platform } from "../../platform/platform.ts";
import { hasNoLinks } from "../real_path.ts";

/** What is at a path that a program takes along with its state. */
export interface AlsoEntry {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly kind: "file" | "directory";
  readonly mode: number;
  readonly uid: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
}

/** So much is copied with one state, at most. */
const MOST_BYTES = 268_435_456;
const MOST_FILES = 10_000;
/** What SQLite keeps beside a database: the log of what is not in it yet, and its index. */
const BESIDE = ["-wal", "-journal", "-shm"];

type Who = Pick<Platform, "files">;

/** What belongs to a path: of a database what SQLite keeps beside it. */
export function withBeside(path: string): string[] {
  return [path, ...BESIDE.map((suffix) => `${path}${suffix}`)];
}

/**
 * All that is at these paths now. Throws `BatonError` for what is never taken along: what leads out of the project, a
 * link, a device; and where it is too much.
 */
export function takeInventory(who: Who, cwd: string, paths: readonly string[]): AlsoEntry[] {
  const found: AlsoEntry[] = [];
  const left = { bytes: MOST_BYTES, files: MOST_FILES };
  for (const path of paths) {
    checkPlace(who, cwd, path);
    for (const one of withBeside(path)) walk(who, cwd, join(cwd, one), found, left);
  }
  return found;
}

/** Throws `BatonError` where the path is not in the project, or a link is on the way to it. */
export function checkPlace({ files }: Who, cwd: string, path: string): void {
  const full: string = join(cwd, path);
  if (full === cwd || !isWithin(full, cwd)) throw refused(path, "it is not in the project");
  const parent: string = dirname(full);
  if (!hasNoLinks(files, parent) && !isWithin(files.realPath(parent), files.realPath(cwd))) {
    throw refused(path, "a link on the way leads out of the project");
  }
}

function walk(
  { files }: Who,
  cwd: string,
  full: string,
  found: AlsoEntry[],
  left: { bytes: number; files: number },
): void {
  const [stat, owner] = [files.lstat(full), files.owner(full)];
  if (stat === null || owner === null) return;
  const path: string = relative(cwd, full);
  const { kind, mode, sizeBytes, mtimeMs, ctimeMs, inode } = stat;
  if (kind === "symlink") throw refused(path, "it is a link");
  if (kind === "other") throw refused(path, "it is a device, a pipe or a socket");
  left.files -= 1;
  if (kind === "file") left.bytes -= sizeBytes;
  if (left.files < 0) throw refused(path, `there are more than ${MOST_FILES} files`);
  if (left.bytes < 0) throw refused(path, `there are more than ${MOST_BYTES / 1_048_576} MiB`);
  found.push({ path, kind, mode, uid: owner.uid, sizeBytes, mtimeMs, ctimeMs, inode });
  if (kind !== "directory") return;
  for (const { name } of entriesOf(files, full)) {
    walk({ files }, cwd, join(full, name), found, left);
  }
}

function refused(path: string, why: string): BatonError {
  return new BatonError({
    what: `Cannot take "${path}" along with the state: ${why}`,
    where: '"also"',
    next: "Name files and folders of the project that hold data and nothing else",
  });
}
