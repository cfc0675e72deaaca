/** How many of the imports are done ahead, at most, and why no more. */
export class Cut {
  #at = Infinity;
  #why: string | null = null;

  /** Why not all are; null where all are. */
  get why(): string | null {
    return this.#why;
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
