import type { Explanation } from "../../errors.ts";

/** What cannot be read, told once however often it is met with, until a whole batch was without it. */
export class Unreadable {
  readonly #emit: (notice: Explanation) => void;
  #now = new Set<string>();
  #before: ReadonlySet<string> = new Set();

  constructor(emit: (notice: Explanation) => void) {
    this.#emit = emit;
  }

  note(notice: Explanation): void {
    const { what } = notice;
    const isKnown = this.#now.has(what) || this.#before.has(what);
    this.#now.add(what);
    if (!isKnown) this.#emit(notice);
  }

  /** A batch has settled. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Set();
  }
}
