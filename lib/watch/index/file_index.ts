import type { Platform, Stat } from "../../platform/platform.ts";
import type { Content } from "./content.ts";
import { Fingerprints, type Freshness } from "./fingerprints.ts";
import type { IgnoreChain } from "../ignore/ignore_chain.ts";
import type { RootRules } from "../ignore/filter.ts";
import { hasChangedSince } from "./since.ts";
import { childOf, nameOf, parentOf } from "../../paths/path.ts";

/** What is known of a watched folder beside the names in it. */
export interface FolderFacts {
  readonly path: string;
  readonly inode: number;
  /** Where it really is, when it was reached through a link. */
  readonly real: string | null;
  /** Only the entries that were asked for by name count. */
  readonly isParentWatch: boolean;
  readonly rules: RootRules;
  chain: IgnoreChain;
  /** Its modification time when it was last listed; NaN where a further change may have left the same. */
  listedMtimeMs: number;
}

/** One watched folder. */
export interface Folder extends FolderFacts {
  /** Rows of the files that count, by name. */
  readonly files: ReadonlyMap<string, number>;
  /** Names of the folders in it that count. */
  readonly folders: ReadonlySet<string>;
}

/** All folders are made here, and only here the names in them are written. */
interface OwnFolder extends Folder {
  readonly files: Map<string, number>;
  folders: Set<string>;
}

/** What most folders have in them; one for all, as a set takes 140 bytes. */
const NO_FOLDERS = new Set<string>();

/** Who is told what the index learns. */
export interface FileIndexObserver {
  /** `path`, which held `old`, was written: it holds something else now, or the same once more. */
  moved(path: string, old: Content): void;
  /** `path` no longer counts, though nothing happened to it. */
  dropped(path: string): void;
  /** This folder is watched no longer. */
  vanished(folder: string): void;
}

/** A snapshot of the disk: the folders and files that count, and fingerprints of what was in them when baton looked. */
export class FileIndex {
  readonly #folders = new Map<string, OwnFolder>();
  readonly #fingerprints = new Fingerprints();
  readonly #platform: Platform;
  readonly #observer: FileIndexObserver;

  constructor(platform: Platform, observer: FileIndexObserver) {
    this.#platform = platform;
    this.#observer = observer;
  }

  get fileCount(): number {
    return this.#fingerprints.count;
  }

  /** As they are now: what is added and removed later does not disturb. */
  get folders(): readonly Folder[] {
    return [...this.#folders.values()];
  }

  /** Paths of folders that are watched for the sake of what is elsewhere, or were reached through a link. */
  get outer(): string[] {
    return this.folders.filter(({ isParentWatch, real }) => isParentWatch || real !== null)
      .map((folder) => folder.path);
  }

  folder(path: string): Folder | undefined {
    return this.#folders.get(path);
  }

  /** Whether nothing has taken its place, nor is it gone. */
  holds(folder: Folder): boolean {
    return this.#folders.get(folder.path) === folder;
  }

  /** Adds a folder in which nothing is known, but for what was watched for its own sake before. */
  addFolder(facts: FolderFacts): Folder {
    const files = this.#folders.get(facts.path)?.files ?? new Map<string, number>();
    const folder: OwnFolder = { ...facts, files, folders: NO_FOLDERS };
    this.#folders.set(facts.path, folder);
    return folder;
  }

  /** A folder of this name is in it, and counts. */
  addFolderName(folder: Folder, name: string): void {
    const own = folder as OwnFolder;
    if (own.folders === NO_FOLDERS) own.folders = new Set();
    own.folders.add(name);
  }

  /** The names of the files in one folder that count, or say what counts. */
  namesIn(path: string): Iterable<string> {
    const folder = this.#folders.get(path);
    if (folder === undefined) return [];
    const { files, chain } = folder;
    const sources = [...chain.filesIn(path)].filter(({ name }) => !files.has(name));
    if (sources.length === 0) return files.keys();
    return [...files.keys(), ...sources.map(({ name }) => name)];
  }

  /** The names of the folders in one folder that count and could not be entered. */
  closedIn(path: string): string[] {
    const { folders = NO_FOLDERS } = this.#folders.get(path) ?? {};
    return [...folders].filter((name) => !this.#folders.has(childOf(path, name)));
  }

  content(path: string): Content {
    const row = this.#folders.get(parentOf(path))?.files.get(nameOf(path));
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
      (folder as OwnFolder).files.set(name, row);
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
  freshness(folder: Folder, name: string, stat: Stat | null): Freshness {
    const row = folder.files.get(name);
    if (row === undefined) return "same";
    if (stat === null) return "changed";
    return this.#fingerprints.freshness(row, stat, this.#platform.clock.wallNow());
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
    (folder as OwnFolder).files.delete(name);
    this.#fingerprints.remove(row);
    if (counts) this.#observer.moved(path, old);
    else this.#observer.dropped(path);
  }

  /** Removes a folder and all below it. With `counts` false its files are not gone, they only stop counting. */
  removeFolder(path: string, counts = true): void {
    this.#folders.get(parentOf(path))?.folders.delete(nameOf(path));
    const folder = this.#folders.get(path);
    if (folder === undefined) return;
    for (const name of [...folder.files.keys()]) this.removeFile(folder, name, counts);
    for (const name of [...folder.folders]) this.removeFolder(childOf(path, name), counts);
    this.#folders.delete(path);
    this.#observer.vanished(path);
  }
}
