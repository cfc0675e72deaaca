import type { Files, Platform, Processes } from "../../../lib/platform/platform.ts";
import { type Lock, lockFolder } from "../../../lib/state/lock.ts";
import type { Scratch } from "./scratch.ts";

/** Processes that live or not as the test says; the only ones that locking looks at. */
export class Contenders {
  readonly living = new Map<number, string>();

  constructor(readonly scratch: Scratch) {
    this.scratch.store();
  }

  platform(self: number, files: Files = this.scratch.real.files): Platform {
    const startTime = (pid: number) => this.living.get(pid) ?? null;
    const processes: Processes = { ...this.scratch.real.processes, self, startTime };
    return this.scratch.platform({ processes, files });
  }

  /** The process `pid` starts and locks the folder. */
  lock(pid: number, files?: Files): Lock {
    this.living.set(pid, `start of ${pid}`);
    const { dir, sealer } = this.scratch;
    const ensure = () => {};
    const note = { path: `${this.scratch.root}/note.json`, sealer };
    return lockFolder(
      this.platform(pid, files),
      { dir, sealer, ensure, note },
      ["program", String(pid)],
      {
        BATON_RUN: String(pid),
      },
    );
  }
}

/** Has the lock, which must have been successful. */
export function locked(lock: Lock): Extract<Lock, { locked: true }> {
  if (lock.locked) return lock;
  throw new Error(`Held by ${lock.holder.pid}`);
}

/** Files that call `between` before the n-th step; to create a file and to fill it are two steps. */
export function interrupted(files: Files, nth: number, between: () => void): Files {
  let step = 0;
  const next = () => {
    if (++step === nth) between();
  };
  return {
    ...files,
    readDir: (path) => (next(), files.readDir(path)),
    readRegular: (path, options) => (next(), files.readRegular(path, options)),
    remove: (path, options) => (next(), files.remove(path, options)),
    createExclusively(path, data, mode) {
      next();
      if (!files.createExclusively(path, "", mode)) return false;
      const fd = Deno.openSync(path, { write: true });
      next();
      fd.writeSync(new TextEncoder().encode(data));
      fd.close();
      return true;
    },
  };
}
