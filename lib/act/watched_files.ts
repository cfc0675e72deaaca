import type { Marks } from "../watch/marks.ts";
import type { WatchedFolders } from "../watch/watched_folders.ts";

/** The watch, as far as the supervisor needs it. */
export interface WatchedFiles {
  readonly folders: WatchedFolders;
  readonly marks: Pick<Marks, "adopt" | "copy" | "takeWritten">;
  /** Whether changes wait to be told of. */
  readonly isPaused: boolean;
  mark(name: number | string): void;
  differences(name: number | string): string[];
  isStale(generation: number): boolean;
  forget(generation: number): void;
  /** Resolves once whatever has happened to the files so far is known. */
  sync(): Promise<void>;
  /** As `sync`, but without a look through what the system tells nothing of. */
  heard(): Promise<void>;
}
