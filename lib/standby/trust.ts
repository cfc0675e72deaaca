/** So often in a row it may fail, before it is given up until something else is imported. */
const ROUNDS = 3;

/** Whether what was noted of a program's start is worth another try. */
export class Trust {
  #givenUp: string | null = null;
  #failedWarmings = 0;
  #deaths = 0;

  isGivenUp(notes: string): boolean {
    return notes === this.#givenUp;
  }

  /** A process is parked, or other notes are tried. */
  warmed(): void {
    this.#failedWarmings = 0;
  }

  /** None could be parked; returns whether that is given up now. */
  notWarmed(notes: string | undefined): boolean {
    this.#failedWarmings += 1;
    return this.#isTooOften(this.#failedWarmings, notes);
  }

  /** What came from standby is up. */
  cameUp(): void {
    this.#deaths = 0;
  }

  /** What came from standby died before it was up; returns whether standby is given up now. */
  died(notes: string | undefined): boolean {
    this.#deaths += 1;
    return this.#isTooOften(this.#deaths, notes);
  }

  giveUp(notes: string | undefined): void {
    this.#givenUp = notes ?? null;
  }

  #isTooOften(failures: number, notes: string | undefined): boolean {
    if (failures >= ROUNDS) this.giveUp(notes);
    return failures >= ROUNDS;
  }
}
