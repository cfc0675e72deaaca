import { join } from "@std/path";
import type { Files } from "../platform/platform.ts";
import { entriesOf, explained } from "./fault.ts";
import { makeFolder } from "./folder.ts";

/** `out-3`, `out-3.1`, `resume-4`, and what programs write beside them (`out-3.tmp`, `.out-3~`). */
const EXCHANGED = /(?:out|resume)-(\d+)/;
const OUT = /^out-(\d+)$/;
const NEXT = "Free the place; the states that were saved before are still there";

/** A file that a generation left at its `outPath`. */
export interface Out {
  readonly generation: number;
  readonly path: string;
  /** When it was put there, in milliseconds since 1970. */
  readonly at: number;
}

/** The files that pass between baton and its generations. */
export class Exchange {
  readonly #files: Files;

  constructor(files: Files, readonly dir: string) {
    this.#files = files;
  }

  outPath(generation: number, participant = 0): string {
    return join(this.dir, `out-${generation}${participant === 0 ? "" : `.${participant}`}`);
  }

  resumePath(generation: number): string {
    return join(this.dir, `resume-${generation}`);
  }

  makeRoom(): void {
    explained("Cannot make the state folder again", NEXT, () => {
      if (this.#files.stat(this.dir) === null) makeFolder(this.#files, this.dir);
    });
  }

  prepare(generation: number, state: { readonly path: string } | null): string | null {
    return explained(`Cannot lay out the state for generation ${generation}`, NEXT, () => {
      const path = this.resumePath(generation);
      makeFolder(this.#files, this.dir);
      this.#files.remove(this.outPath(generation), { recursive: true });
      this.#files.remove(path, { recursive: true });
      if (state === null) return null;
      this.#copy(state.path, path);
      return path;
    });
  }

  /** All of it or nothing: what a full disk has cut short would be taken for the state. */
  #copy(from: string, to: string): void {
    try {
      this.#files.copy(from, to);
    } catch (error) {
      this.#files.remove(to);
      throw error;
    }
  }

  cleanUp(generation: number): void {
    explained("Cannot clean up the state folder", "Remove it, once baton has stopped", () => {
      for (const { name } of entriesOf(this.#files, this.dir)) {
        const of = EXCHANGED.exec(name)?.[1];
        if (of === undefined || Number(of) > generation) continue;
        this.#files.remove(join(this.dir, name), { recursive: true });
      }
    });
  }

  /** The file that was put at an `outPath` last, whichever generation's it is. */
  lastOut(): Out | null {
    const outs = entriesOf(this.#files, this.dir).flatMap(({ name }): Out[] => {
      const generation = Number(OUT.exec(name)?.[1]);
      const path: string = join(this.dir, name);
      // Not the modification time: `mv` keeps that of the file it moves.
      const at = this.#files.lstat(path)?.ctimeMs;
      return Number.isNaN(generation) || at === undefined ? [] : [{ generation, path, at }];
    });
    return outs.sort((a, b) => b.at - a.at || b.generation - a.generation)[0] ?? null;
  }
}
