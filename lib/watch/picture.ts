import type { Platform, Stat } from "../platform/platform.ts";
import type { Content } from "./content.ts";
import { Fingerprints, type Verdict } from "./fingerprints.ts";
import type { IgnoreChain } from "./ignore/ignore_chain.ts";
import type { IgnoreRules } from "./ignore/ignore_rules.ts";
import { hasChangedSince } from "./since.ts";
import { childOf, nameOf, parentOf } from "./location.ts";

/** One watched folder. */
export interface Folder {
  readonly path: string;
  readonly inode: number;
  /** Where it really is, when it was reached through a link. */
  readonly real: string | null;
  /** Only the entries that were asked for by name count. */
  readonly isAnchor: boolean;
  readonly globs: IgnoreRules;
  chain: IgnoreChain;
  /** Rows of the files that count, by name. */
  readonly files: Map<string, number>;
  /** Names of the folders in it that count; see `addFolder`. */
  folders: Set<string>;
  /** Its modification time when it was last listed; NaN where a further change may have left the same. */
  listedMtimeMs: number;
}

/** What most folders have in them; one for all, as a set takes 140 bytes. */
export const NO_FOLDERS = new Set<string>();

export function addFolder(folder: Folder, name: string): void {
  if (folder.folders === NO_FOLDERS) folder.folders = new Set();
  folder.folders.add(name);
}

/** Who is told what the picture learns. */
export interface PictureObserver {
  /** `path`, which held `old`, was written: it holds something else now, or the same once more. */
  moved(path: string, old: Content): void;
  /** `path` no longer counts, though nothing happened to it. */
  dropped(path: string): void;
  /** This folder is watched no longer. */
  vanished(folder: string): void;
}

/** What baton knows of the disk: the folders and files that count, and what was in them when it looked. */
export class Picture {
  readonly folders = new Map<string, Folder>();
  readonly #fingerprints = new Fingerprints();
  readonly #platform: Platform;
  readonly #observer: PictureObserver;

  constructor(platform: Platform, observer: PictureObserver) {
    this.#platform = platform;
    this.#observer = observer;
  }

  get files(): number {
    return this.#fingerprints.count;
  }

  /** The names of the files in one folder that count, or say what counts. */
  namesIn(path: string): Iterable<string> {
    const folder = this.folders.get(path);
    if (folder === undefined) return [];
    const { files, chain } = folder;
    const sources = [...chain.filesIn(path)].filter(({ name }) => !files.has(name));
    if (sources.length === 0) return files.keys();
    return [...files.keys(), ...sources.map(({ name }) => name)];
  }

  /** The names of the folders in one folder that count and could not be entered. */
  closedIn(path: string): string[] {
    const { folders = NO_FOLDERS } = this.folders.get(path) ?? {};
    return [...folders].filter((name) => !this.folders.has(childOf(path, name)));
  }

  content(path: string): Content {
    const row = this.folders.get(parentOf(path))?.files.get(nameOf(path));
    return row === undefined ? null : this.#fingerprints.content(row);
  }

  /**
   * Compares one file with what is known of it. A file that was not known and has not changed since
   * `sinceCtimeMs` (wall clock) was there all along: it is taken in without being read.
   */
  compare(
    folder: Folder,
    name: string,
    stat: Stat,
    sinceCtimeMs: number,
    read: () => bigint,
  ): void {
    const known = folder.files.get(name);
    const takenAt = this.#platform.clock.wallNow();
    if (known === undefined) {
      const row = this.#fingerprints.add();
      folder.files.set(name, row);
      const isNew = hasChangedSince(stat, sinceCtimeMs);
      this.#fingerprints.write(row, stat, isNew ? read() : undefined, takenAt);
      const old = sinceCtimeMs === -Infinity ? null : undefined;
      if (isNew) this.#observer.moved(childOf(folder.path, name), old);
    } else if (!this.#fingerprints.matches(known, stat)) {
      const old = this.#fingerprints.content(known);
      const isWritten = this.#fingerprints.isWritten(known, stat);
      const content = read();
      this.#fingerprints.write(known, stat, content, takenAt);
      if (isWritten || content !== old) this.#observer.moved(childOf(folder.path, name), old);
    }
  }

  /** What can be said of a file without reading it. */
  verdict(folder: Folder, name: string, stat: Stat | null): Verdict {
    const row = folder.files.get(name);
    if (row === undefined) return "same";
    if (stat === null) return "other";
    return this.#fingerprints.verdict(row, stat, this.#platform.clock.wallNow());
  }

  /**
   * Keeps what was read of a file that was only taken in, unless it had changed by then: an event of that is
   * on the way. `stat` is from after the reading.
   */
  keepRead(folder: Folder, name: string, stat: Stat, content: bigint): void {
    const row = folder.files.get(name);
    if (row === undefined || !this.#fingerprints.looksLike(row, stat)) return;
    this.#fingerprints.write(row, stat, content, this.#platform.clock.wallNow());
  }

  isUnread(folder: Folder, name: string): boolean {
    const row = folder.files.get(name);
    return row !== undefined && this.#fingerprints.content(row) === undefined;
  }

  removeFile(folder: Folder, name: string, counts = true): void {
    const row = folder.files.get(name);
    if (row === undefined) return;
    const path = childOf(folder.path, name);
    const old = this.#fingerprints.content(row);
    folder.files.delete(name);
    this.#fingerprints.remove(row);
    if (counts) this.#observer.moved(path, old);
    else this.#observer.dropped(path);
  }

  /** Removes a folder and all below it. With `counts` false its files are not gone, they only stop counting. */
  removeFolder(path: string, counts = true): void {
    this.folders.get(parentOf(path))?.folders.delete(nameOf(path));
    const folder = this.folders.get(path);
    if (folder === undefined) return;
    for (const name of [...folder.files.keys()]) this.removeFile(folder, name, counts);
    for (const name of [...folder.folders]) this.removeFolder(childOf(path, name), counts);
    this.folders.delete(path);
    this.#observer.vanished(path);
  }
}
