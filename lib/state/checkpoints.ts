import type { Envelope } from "./envelope.ts";

/** The checkpoints that this run has taken and still keeps, by their numbers. */
export class Checkpoints {
  readonly #generations = new Map<number, number>();

  note(number: number, { kind, generation }: Envelope): void {
    if (kind === "checkpoint") this.#generations.set(number, generation);
  }

  /** Those of a generation whose last state is among these, which is newer than they are. */
  outlived(states: readonly Envelope[]): number[] {
    const ended = states.filter(({ kind }) => kind === "final").map(({ generation }) => generation);
    return [...this.#generations].filter(([, generation]) => ended.includes(generation))
      .map(([number]) => number);
  }

  forget(number: number): void {
    this.#generations.delete(number);
  }
}
