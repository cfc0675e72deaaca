import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { lstatOrNull } from "../paths/lookup.ts";
import { entriesOf, explained, refusedBySystem } from "../explain.ts";
import type { StateFolder } from "./folder.ts";
import { SpareFolders } from "./spare_folders.ts";
import { letPass } from "./take_folder.ts";

const GENERATION = /^\d{1,15}$/;
const OUT = /^out(?:\.(\d{1,6}))?$/;
/** From this size on a state that is resumed from is not copied. */
const SHARED_BYTES = 16_777_216;
const NEXT = "Free the place; the states that were saved before are still there";

/** A file that a generation left at its `outPath`. */
export interface Out {
  readonly generation: number;
  readonly path: string;
  /** When it was put there, in milliseconds since 1970. */
  readonly at: number;
}

/** A stored state that is laid out. */
export interface Resumed {
  readonly path: string;
  readonly envelope?: { readonly uid?: number };
}

/**
 * The files that pass between baton and its generations. Each generation has a folder for them, in which it
 * may write what it likes beside them; it goes as a whole.
 */
export class HandoverFiles {
  readonly #platform: Platform;
  readonly #folder: StateFolder;
  readonly #generations: string;
  /** What an earlier run left for a generation goes before this run's first is laid out. */
  #prepared = 0;
  readonly #spare: SpareFolders;

  constructor(platform: Platform, folder: StateFolder) {
    this.#platform = platform;
    this.#folder = folder;
    this.#generations = join(folder.dir, "generations");
    this.#spare = new SpareFolders(platform);
  }

  /** Whether the generation's folder is not in the state folder, and is baton's all the same. */
  isSpare(generation: number): boolean {
    return this.#spare.find(generation) !== null;
  }

  outPath(generation: number, participant = 0): string {
    return join(this.#folderOf(generation), participant === 0 ? "out" : `out.${participant}`);
  }

  resumePath(generation: number): string {
    return join(this.#folderOf(generation), "resume");
  }

  makeRoom(generation: number): void {
    explained("Cannot make the state folder again", NEXT, () => this.#makeFolder(generation));
  }

  /** Lets a program that root has started, and that has become another user's since, write its state. */
  giveTo(generation: number, uid: number): void {
    explained(`Cannot give the place for its state to user ${uid}`, NEXT, () => {
      this.#give([this.#folderOf(generation)], uid);
    });
  }

  /** Throws `BatonError` also where there is only a spare folder for the generation: it can save there. */
  prepare(generation: number, state: Resumed | null): string | null {
    return explained(`Cannot lay out the state for generation ${generation}`, NEXT, () => {
      const { files } = this.#platform;
      const path = this.resumePath(generation);
      this.#makeReady(generation);
      files.remove(this.outPath(generation), { recursive: true });
      files.remove(path, { recursive: true });
      if (state === null) return null;
      const uid = state.envelope?.uid;
      if (uid !== undefined || !this.#shares(state.path, path)) this.#copy(state.path, path);
      if (uid !== undefined) this.#give([path, this.#folderOf(generation)], uid);
      return path;
    });
  }

  cleanUp(generation: number): void {
    this.#spare.cleanUp(generation);
    explained("Cannot clean up the state folder", "Remove it, once baton has stopped", () => {
      this.#folder.ensure();
      for (const number of this.#numbers()) {
        if (number > generation) continue;
        this.#platform.files.remove(this.#folderOf(number), { recursive: true });
      }
    });
  }

  /**
   * The file that was put at an `outPath` last, whichever generation's it is; of several participants' of one
   * generation, that of the first.
   */
  lastOut(): Out | null {
    const { files } = this.#platform;
    const outs = this.#numbers().flatMap((generation): Out[] => {
      const folder = this.#folderOf(generation);
      const names = entriesOf(files, folder).map(({ name }) => name).filter((name) =>
        OUT.test(name)
      );
      const [first] = names.sort((a, b) => participantOf(a) - participantOf(b));
      if (first === undefined) return [];
      const path: string = join(folder, first);
      // Not the modification time: `mv` keeps that of the file it moves.
      const at = files.lstat(path)?.ctimeMs;
      return at === undefined ? [] : [{ generation, path, at }];
    });
    return outs.sort((a, b) => b.at - a.at || b.generation - a.generation)[0] ?? null;
  }

  /** Nobody is to change what is in a folder while it is laid out: who owned it may have let all write to it. */
  #takeBack(folder: string): void {
    const { files, user } = this.#platform;
    if (user === null) return;
    if (files.owner(folder)?.uid !== user.uid) files.chown(folder, user.uid);
    if (((files.owner(folder)?.mode ?? 0) & 0o077) !== 0) files.chmod(folder, 0o700);
  }

  #give(paths: readonly string[], uid: number): void {
    letPass(this.#platform, this.#folder.dir);
    for (const path of paths) this.#platform.files.chown(path, uid);
  }

  #folderOf(generation: number): string {
    return this.#spare.find(generation) ?? join(this.#generations, String(generation));
  }

  #makeReady(generation: number): void {
    try {
      this.#folder.ensure();
      if (this.#prepared < generation) {
        this.#platform.files.remove(this.#folderOf(generation), { recursive: true });
      }
      this.#prepared = Math.max(this.#prepared, generation);
      this.#fillFolder(generation);
      this.#takeBack(this.#folderOf(generation));
    } catch (error) {
      refusedBySystem(error);
      this.#spare.make(generation);
      throw error;
    }
  }

  #makeFolder(generation: number): void {
    if (this.isSpare(generation)) return this.#spare.make(generation);
    try {
      this.#folder.ensure();
      this.#fillFolder(generation);
    } catch (error) {
      refusedBySystem(error);
      if (lstatOrNull(this.#platform, this.#folderOf(generation))?.kind !== "directory") {
        this.#spare.make(generation);
      }
      throw error;
    }
  }

  #fillFolder(generation: number): void {
    const { files } = this.#platform;
    for (const folder of [this.#generations, this.#folderOf(generation)]) {
      if (files.owner(folder)?.kind !== "directory") files.makeDir(folder, 0o700);
      if (((files.owner(folder)?.mode ?? 0) & 0o700) !== 0o700) files.chmod(folder, 0o700);
    }
  }

  /**
   * A large state costs no second copy: the stored one gets a further name, which nobody is to write to. One
   * that is written to all the same no longer fits its envelope, and is not believed again.
   */
  #shares(from: string, to: string): boolean {
    const { files } = this.#platform;
    if ((files.lstat(from)?.sizeBytes ?? 0) < SHARED_BYTES) return false;
    try {
      files.chmod(from, 0o400);
      return files.link(from, to);
    } catch (error) {
      refusedBySystem(error); // A file system without further names.
      return false;
    }
  }

  /** All of it or nothing: what a full disk has cut short would be taken for the state. */
  #copy(from: string, to: string): void {
    const { files } = this.#platform;
    try {
      files.copy(from, to);
    } catch (error) {
      files.remove(to);
      throw error;
    }
  }

  #numbers(): number[] {
    return entriesOf(this.#platform.files, this.#generations)
      .filter(({ name, kind }) => kind === "directory" && GENERATION.test(name))
      .map(({ name }) => Number(name));
  }
}

function participantOf(name: string): number {
  return Number(OUT.exec(name)?.[1] ?? 0);
}
