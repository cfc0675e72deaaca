/** What cannot be read, said once however often it is met with, until a whole burst was without it. */
export class Refusals {
  readonly #say: (what: string) => void;
  #now = new Set<string>();
  #before: ReadonlySet<string> = new Set();

  constructor(say: (what: string) => void) {
    this.#say = say;
  }

  note(what: string): void {
    const isKnown = this.#now.has(what) || this.#before.has(what);
    this.#now.add(what);
    if (!isKnown) this.#say(what);
  }

  /** A burst is over. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Set();
  }
}
