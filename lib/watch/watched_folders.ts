/** Which folders are watched. */
export interface WatchedFolders {
  /** The paths that were asked for. */
  readonly roots: readonly string[];
  /** Whether files in this folder may count; while the folders are being crawled, not all are known. */
  covers(folder: string): boolean;
}
