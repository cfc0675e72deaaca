import { OwnModules } from "./own_modules.ts";
import type { Warmed } from "./parked_process.ts";

/** Which of the imports are done ahead, and why no more. */
export class Cut {
  readonly #own: OwnModules | null;
  #at = Infinity;
  #why: string | null = null;

  /** `own` says whether modules of the project are among them. */
  constructor(own: boolean) {
    this.#own = own ? new OwnModules() : null;
  }

  /** Why not all are; null where all are. */
  get why(): string | null {
    return this.#why;
  }

  /** Files of the project that are not imported ahead; null where none is. */
  get left(): readonly string[] | null {
    return this.#own?.left ?? null;
  }

  /** Paths, relative to a folder, that have changed. */
  edited(paths: readonly string[], cwd: string): void {
    this.#own?.edited(paths, cwd);
  }

  /** What came of trying. Returns whether the others can still be done. */
  note(warmed: Warmed): boolean {
    if (warmed.type === "cut") this.before(warmed.imports, warmed.why);
    if (warmed.type === "leave") this.#own?.refuse(warmed.path);
    return warmed.type === "leave";
  }

  /** The import of this number, and what comes after it, is not done ahead. */
  before(number: number, why: string): void {
    this.#at = Math.min(this.#at, number);
    this.#why = why;
  }

  /** All may be done ahead. */
  lift(): void {
    this.#at = Infinity;
    this.#why = null;
  }

  /** How many of so many are. */
  of(count: number): number {
    return Math.min(this.#at, count);
  }
}
