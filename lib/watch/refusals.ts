import type { Notice } from "./change.ts";

/** What cannot be read, said once however often it is met with, until a whole burst was without it. */
export class Refusals {
  readonly #say: (notice: Notice) => void;
  #now = new Set<string>();
  #before: ReadonlySet<string> = new Set();

  constructor(say: (notice: Notice) => void) {
    this.#say = say;
  }

  note(notice: Notice): void {
    const { what } = notice;
    const isKnown = this.#now.has(what) || this.#before.has(what);
    this.#now.add(what);
    if (!isKnown) this.#say(notice);
  }

  /** A burst is over. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Set();
  }
}
