import type { Libc } from "./libc.ts";
import { type DirectFiles, type Files, PlatformError } from "../platform.ts";
import { NO_STAMP, stampOfStat } from "./stamp.ts";
import { Statx } from "./statx.ts";

/** A runtime's own files, but for looking at them, which goes through the C library while they are open. */
export function directFiles(own: Files, openLibc: () => Libc | null): DirectFiles {
  let statx: Statx | null = null;
  let isClosed = false;

  function ownStamp(folder: string, name: string): number {
    try {
      const found = own.stat(`${folder}/${name}`);
      return found === null ? NO_STAMP : stampOfStat(found);
    } catch (error) {
      if (error instanceof PlatformError) return NO_STAMP;
      throw error;
    }
  }

  return {
    ...own,
    stat(path) {
      const found = statx?.stat(path, true);
      return found === undefined ? own.stat(path) : found;
    },
    lstat(path) {
      const found = statx?.stat(path, false);
      return found === undefined ? own.lstat(path) : found;
    },
    stampOf: (folder, name) => statx?.stamp(folder, name) ?? ownStamp(folder, name),
    open() {
      if (isClosed || statx !== null) return;
      const libc = openLibc();
      statx = libc === null ? null : new Statx(libc);
    },
    close() {
      isClosed = true;
      statx?.release();
      statx = null;
    },
  };
}
