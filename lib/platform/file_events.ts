import type { PlatformError } from "./platform.ts";

/**
 * What the operating system says of a watched folder. It only says "look": the truth is the content.
 * - `complete`: the file was closed after writing, or appeared by rename, removal or link.
 * - `writing`: bytes were written to the file; that it is closed will be told.
 * - `partial`: it was written to and may still be, or something else happened to it.
 * - `rescan`: events were lost; everything below the watched folders must be looked at.
 */
export interface RawEvent {
  readonly kind: "complete" | "writing" | "partial" | "rescan";
  /** Absolute path; the folder itself where the system names no file; "" for `rescan`. */
  readonly path: string;
}

/** Who hears of what happens in folders. */
export interface FolderObserver {
  /** Called by `hear`, or on a later turn than whatever was asked for. */
  event(event: RawEvent): void;
  /**
   * No events arrive for these folders: `ENOSPC` (no watches left), `EMFILE` (no instances left), what else
   * the system says, or the watch broke. May be called at once.
   */
  unwatched(folders: readonly string[], error: PlatformError): void;
}

/** A set of watched folders. */
export interface FolderWatch {
  /** How many folders there are in it. */
  readonly watches: number;
  /** Instances of the system's facility this holds (inotify has 128 a user). */
  readonly instances: number;
  /** Whether some of what happens now has no event, but a `rescan` will follow. */
  readonly isReopening: boolean;
  /**
   * Watches each folder, not what is below it; one that is gone is passed over. What happens in the folders
   * after this has an event, or a `rescan` follows.
   */
  add(folders: readonly string[]): void;
  /** The folder is gone, or it does not count any longer. */
  remove(folder: string): void;
  /** Tells at once of all that has happened so far; false where nobody can say that it is all. */
  hear(): boolean;
  /** Nothing is called from here on. Resolves when the system has let go of the folders. */
  close(): Promise<void>;
}

export interface FileEvents {
  /** Watches no folder at first. */
  watch(observer: FolderObserver): FolderWatch;
  /** Whether `complete` can be told from `partial` for a write in place. */
  readonly tellsCloseFromWrite: boolean;
}
