export type EntryKind = "file" | "directory" | "symlink" | "other";

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

export interface Stat {
  readonly kind: EntryKind;
  readonly sizeBytes: number;
  /** Milliseconds since 1970, with fractions where the file system has them. */
  readonly mtimeMs: number;
  /** Up to a second early through Deno, where a file was moved or changed without being written. */
  readonly ctimeMs: number;
  readonly inode: number;
  readonly device: number;
  readonly mode: number;
  /** Names it has; of a folder on most file systems 2 more than it has folders in it. */
  readonly links: number;
}

/** Who made what is at a path, and who may change it. */
export interface Owner {
  readonly kind: EntryKind;
  /** User and group, by number. */
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly inode: number;
  /** When it was made, in milliseconds since 1970; null where the file system does not say. */
  readonly bornMs: number | null;
}

/** What tells one file's bytes from another's, and which file it was. */
export interface FileDigest {
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly inode: number;
}

export interface Files {
  /**
   * What fits into less than `room` is read into it, and a view of that returned. Of what does not, as `readRegular`
   * with links followed, and with 64 MiB at most.
   */
  readBytes(path: string, room?: Uint8Array): Uint8Array;
  readText(path: string): string;
  /**
   * For what baton did not write: a regular file of at most `maxBytes`, never waited for. Throws `EFTYPE` for
   * a pipe, a device or a folder, `EFBIG` for a larger file, and `ELOOP` for a link unless `follow` is set.
   */
  readRegular(path: string, options: { maxBytes: number; follow: boolean }): Uint8Array;
  /**
   * Digests a regular file piece by piece; with `copyTo`, what was digested is written there, 0600. Throws as
   * `readRegular` without `follow` does, and `EEXIST` where something is at `copyTo`.
   */
  digestRegular(path: string, maxBytes: number, copyTo?: string): FileDigest;
  /** Does not follow symbolic links; null where nothing is there. */
  owner(path: string): Owner | null;
  /** Follows symbolic links; null where nothing is there. */
  stat(path: string): Stat | null;
  /** Does not follow symbolic links; null where nothing is there. */
  lstat(path: string): Stat | null;
  /** The same files for who looks at thousands of them, not open yet. */
  direct(): DirectFiles;
  /** Throws `ENOENT` where no folder is there. */
  readDir(path: string): Entry[];
  realPath(path: string): string;
  /** What a symbolic link says, as it stands there. */
  readLink(path: string): string;
  /** Creates parents as needed; no error where it exists. */
  makeDir(path: string, mode?: number): void;
  /**
   * A new empty folder, 0700, with a name nobody can guess: `prefix` and more, under the system's temporary
   * folder where that is no absolute path.
   */
  makeTempDir(prefix: string): string;
  /**
   * Writes beside `path` and renames over it, so that a reader sees the old bytes or the new ones.
   * With `sync`, file and folder are on the disk when it returns.
   */
  writeAtomically(
    path: string,
    data: Uint8Array | string,
    options?: { mode?: number; sync?: boolean },
  ): void;
  /** Creates `path` with these bytes; false where something is already there. */
  createExclusively(path: string, data: string, mode?: number): boolean;
  /** Gives the file at `from` the further name `to`; false where something is already there. */
  link(from: string, to: string): boolean;
  /** Gives it, or what a link leads to, to another user, which only root may. The group stays. */
  chown(path: string, uid: number): void;
  /** Sets when it was changed last, in milliseconds since 1970. */
  setModified(path: string, ms: number): void;
  /** Sets the permission bits. */
  chmod(path: string, mode: number): void;
  /** Flushes a file or folder to the disk. */
  sync(path: string): void;
  copy(from: string, to: string): void;
  rename(from: string, to: string): void;
  /** No error where nothing is there. */
  remove(path: string, options?: { recursive?: boolean }): void;
  /** Whether this user may execute the file. */
  isExecutable(path: string): boolean;
}

/**
 * Files that are looked at by the system itself from `open` to `close`, where that can be done: it costs a
 * third of what it costs through a runtime, leaves next to no garbage, and times are exact.
 */
export interface DirectFiles extends Files {
  /** Nothing where it is open, or was closed. */
  open(): void;
  /**
   * A number that stays the same as long as size, times, mode and identity of what is at `name` in `folder`
   * do (`.` is the folder itself). Follows symbolic links; what cannot be looked at has one as
   * well, below 0.
   */
  stampOf(folder: string, name: string): number;
  /** Files are looked at through the runtime from here on. */
  close(): void;
}
