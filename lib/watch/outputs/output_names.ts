import { relative } from "@std/path";
import type { Explanation } from "../../errors.ts";
import { kindOf } from "./changing_part.ts";

/** Says which files are left out because the program writes them: once for those whose names are of one kind. */
export class OutputNames {
  readonly #cwd: string;
  readonly #told = new Set<string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** What is to be said of the file; null where that was said. */
  note(path: string): Explanation | null {
    const kind = kindOf(path);
    if (this.#told.has(kind)) return null;
    this.#told.add(kind);
    const name: string = relative(this.#cwd, path);
    return {
      what: `Left out "${name}": the program itself writes it`,
      next: `To restart when it changes, add --ignore "!${name}"`,
    };
  }
}
