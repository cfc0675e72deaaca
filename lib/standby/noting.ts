/** After so many starts in a row that noted nothing, so many are not to, and then one is again. */
const IN_VAIN = 3;
const SKIPPED = 7;

/** Which cold starts are to note what they import: that costs each some milliseconds, which may be in vain. */
export class Noting {
  #inVain = 0;
  #skipped = 0;

  /** Whether the next start is to. */
  get isDue(): boolean {
    return this.#inVain < IN_VAIN || this.#skipped === SKIPPED;
  }

  /** The next start begins; returns whether it is to. */
  begin(): boolean {
    const { isDue } = this;
    this.#skipped = isDue ? 0 : this.#skipped + 1;
    return isDue;
  }

  /** A program is up; `isOfUse` is false where nothing can be parked by what it has noted, if anything. */
  cameUp(isOfUse: boolean): void {
    this.#inVain = isOfUse ? 0 : this.#inVain + 1;
  }
}
