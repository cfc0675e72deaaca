/**
 * # Theory of operation
 *
 * What a program keeps outside of its state (a database, a folder with uploads) is copied beside each state that is
 * kept once nothing of the program runs, and put back where somebody goes back to that state. The copies of
 * `000012.state` are in the folder `000012.also`, named by number, and beside them a sealed list of what they are;
 * without that list they mean nothing. A file that is as it was at the last copy gets a further name, which costs
 * nothing.
 */
import { basename, dirname, join } from "@std/path";
import { BatonError } from "../../errors.ts";
import { explained, refusedBySystem } from "../../explain.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StateFolder } from "../folder.ts";
import { alsoOf } from "../slots.ts";
import { type AlsoEntry, checkPlace, takeInventory, withBeside } from "./inventory.ts";

/** An entry, and of a file its copy. */
interface KeptEntry extends AlsoEntry {
  /** The name of its copy; absent for a folder. */
  readonly copy?: string;
  readonly sha256?: string;
}

interface KeptList {
  readonly paths: readonly string[];
  readonly entries: readonly KeptEntry[];
}

const PURPOSE = "also";
const LIST = "list.json";
const MOST_LIST_BYTES = 16_777_216;
const MOST_FILE_BYTES = 1_073_741_824;
/** A file that was written so shortly before it was copied may be written again with the same times. */
const RACY_MS = 100;
const MODE = 0o777;
const NEXT = "See what keeps the files from being copied; the program goes on without";

/** Copies what a program takes along with its states, and puts it back. */
export class AlsoFiles {
  readonly #platform: Platform;
  readonly #folder: Pick<StateFolder, "dir" | "sealer" | "ensure">;
  readonly #cwd: string;
  readonly #paths: readonly string[];
  /** The last copies, and when they were made. */
  #last: { readonly dir: string; readonly list: KeptList; readonly at: number } | null = null;

  /** Throws `BatonError` for paths that are never taken along. */
  constructor(
    platform: Platform,
    folder: Pick<StateFolder, "dir" | "sealer" | "ensure">,
    cwd: string,
    paths: readonly string[],
  ) {
    this.#platform = platform;
    this.#folder = folder;
    this.#cwd = cwd;
    this.#paths = paths;
    explained(
      "Cannot look at what is taken along",
      NEXT,
      () => takeInventory(platform, cwd, paths),
    );
  }

  /** Copies what is there now beside a state. Nothing of the program may run. Throws `BatonError`. */
  keep(statePath: string): void {
    explained(
      "Cannot take along what is beside the state",
      NEXT,
      () => this.#keep(alsoOf(statePath)),
    );
  }

  /** Gives a state the copies of another. Throws `BatonError`. */
  share(from: string, to: string): void {
    const { files } = this.#platform;
    const list = this.#read(alsoOf(from));
    if (list === null) return;
    explained("Cannot take along what is beside the state", NEXT, () => {
      const dir = this.#make(alsoOf(to));
      for (const { copy } of list.entries) {
        if (copy !== undefined) this.#link(join(alsoOf(from), copy), join(dir, copy));
      }
      files.writeAtomically(join(dir, LIST), this.#folder.sealer.seal(PURPOSE, list), {
        mode: 0o600,
      });
    });
  }

  /**
   * Puts back what was copied with a state, all of it or nothing, and removes what was not there then; what is there now
   * is kept beside `replaced`, the state that it belongs to, or else where the answer says. Throws `BatonError`.
   */
  putBack(statePath: string, replaced: string | null): string | null {
    const dir = alsoOf(statePath);
    const list = this.#read(dir);
    if (list === null) {
      throw new BatonError({
        what: "What is beside the state stays as it is: it was not copied with that state",
        where: statePath,
        next: 'It is copied when a program has ended, with "also" in effect',
      });
    }
    return explained("Cannot put back what was beside the state", NEXT, () => {
      const isKept = replaced !== null && this.#read(alsoOf(replaced)) !== null;
      const aside = isKept ? null : join(this.#folder.dir, "replaced.also");
      if (aside !== null) this.#keep(aside);
      this.#replace(dir, list);
      return aside;
    });
  }

  #keep(dir: string): void {
    const { files, clock } = this.#platform;
    const at = clock.wallNow();
    const inventory = takeInventory(this.#platform, this.#cwd, this.#paths);
    this.#make(dir);
    const entries = inventory.map((entry, number): KeptEntry => {
      if (entry.kind === "directory") return entry;
      return { ...entry, copy: String(number), ...this.#copy(entry, join(dir, String(number))) };
    });
    const list: KeptList = { paths: this.#paths, entries };
    const text = this.#folder.sealer.seal(PURPOSE, list);
    files.writeAtomically(join(dir, LIST), text, { mode: 0o600 });
    this.#last = { dir, list, at };
  }

  #copy(entry: AlsoEntry, to: string): { readonly sha256: string } {
    const { files } = this.#platform;
    const before = this.#last?.list.entries.find(({ path }) => path === entry.path);
    if (before?.copy !== undefined && before.sha256 !== undefined && this.#isSame(before, entry)) {
      if (this.#link(join(this.#last!.dir, before.copy), to)) return { sha256: before.sha256 };
      files.remove(to);
    }
    return files.digestRegular(join(this.#cwd, entry.path), MOST_FILE_BYTES, to);
  }

  #isSame(before: KeptEntry, now: AlsoEntry): boolean {
    return before.sizeBytes === now.sizeBytes && before.mtimeMs === now.mtimeMs &&
      before.ctimeMs === now.ctimeMs && before.inode === now.inode &&
      Math.max(now.mtimeMs, now.ctimeMs) < this.#last!.at - RACY_MS;
  }

  /** Where a file system has no further names, or the copy is gone, false. */
  #link(from: string, to: string): boolean {
    try {
      return this.#platform.files.link(from, to);
    } catch (error) {
      refusedBySystem(error);
      return false;
    }
  }

  #make(dir: string): string {
    const { files } = this.#platform;
    this.#folder.ensure();
    files.remove(dir, { recursive: true });
    files.makeDir(dir, 0o700);
    return dir;
  }

  /** The list of these copies; null where there are none that can be believed. */
  #read(dir: string): KeptList | null {
    const { files } = this.#platform;
    try {
      const options = { maxBytes: MOST_LIST_BYTES, follow: false };
      const text = new TextDecoder().decode(files.readRegular(join(dir, LIST), options));
      return this.#folder.sealer.open(PURPOSE, text) as KeptList | null;
    } catch (error) {
      refusedBySystem(error);
      return null;
    }
  }

  /** All is laid ready beside where it belongs, before anything is replaced. */
  #replace(dir: string, list: KeptList): void {
    const { files } = this.#platform;
    const suffix = `.${this.#platform.randomId()}.tmp`;
    const paths = list.paths.filter((path) => this.#paths.includes(path));
    const tops = paths.flatMap(withBeside).map((path) => ({
      path,
      full: join(this.#cwd, path),
    }));
    try {
      for (const path of paths) checkPlace(this.#platform, this.#cwd, path);
      for (const { path, full } of tops) this.#layReady(dir, list, path, `${full}${suffix}`);
      for (const { full } of tops) {
        files.remove(full, { recursive: true });
        if (files.lstat(`${full}${suffix}`) !== null) files.rename(`${full}${suffix}`, full);
      }
    } finally {
      for (const { full } of tops) files.remove(`${full}${suffix}`, { recursive: true });
    }
  }

  /** Makes what was at `top` anew at `to`, checked. */
  #layReady(dir: string, list: KeptList, top: string, to: string): void {
    const { files, user } = this.#platform;
    const entries = list.entries.filter(({ path }) => path === top || path.startsWith(`${top}/`));
    for (const entry of entries) {
      const target = to + entry.path.slice(top.length);
      if (entry.path === top) files.makeDir(dirname(target));
      if (entry.kind === "directory") files.makeDir(target);
      else {
        const found = files.digestRegular(join(dir, entry.copy!), MOST_FILE_BYTES, target);
        if (found.sha256 !== entry.sha256) throw damaged(entry.path, join(dir, entry.copy!));
      }
      if (user !== null && entry.uid !== user.uid) files.chown(target, entry.uid);
      if (entry.kind === "file") files.chmod(target, entry.mode & MODE);
    }
    // Folders last: nobody may be allowed to write into them.
    for (const { path, kind, mode } of entries.toReversed()) {
      if (kind === "directory") files.chmod(to + path.slice(top.length), mode & MODE);
    }
  }
}

function damaged(path: string, copy: string): BatonError {
  return new BatonError({
    what: `What is beside the state stays as it is: the copy of "${basename(path)}" is damaged`,
    where: copy,
    next: "Go back to another state",
  });
}
