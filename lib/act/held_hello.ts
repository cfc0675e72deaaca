import type { Cancel, Clock } from "../platform/platform.ts";
import type { ChildEvent } from "./child_event.ts";

/** As long as anybody saves by an editor; a file that is written all the time puts nothing off for longer. */
const LONGEST_MS = 200;

/**
 * Holds back that a program which boots beside another is at its barrier, until it is known what happened to the files
 * meanwhile: one that was saved just before the program read it makes another version of it than it was started as, and
 * the state would be that of another tree. What else it tells is passed on at once, after what was held.
 */
export class HeldHello {
  readonly #clock: Pick<Clock, "after">;
  readonly #heard: () => Promise<void>;
  readonly #pass: (event: ChildEvent) => void;
  #held: ChildEvent | null = null;
  #isFirst = true;
  #cancel: Cancel = () => {};

  /** `heard` resolves once what has happened to the files so far is known. */
  constructor(
    clock: Pick<Clock, "after">,
    heard: () => Promise<void>,
    pass: (event: ChildEvent) => void,
  ) {
    this.#clock = clock;
    this.#heard = heard;
    this.#pass = pass;
  }

  hear(event: ChildEvent, isBesideAnother: boolean): void {
    this.#letGo();
    const isHeld = event.type === "hello" && this.#isFirst && isBesideAnother;
    if (event.type === "hello") this.#isFirst = false; // The next tells of components, while nobody serves.
    if (!isHeld) return this.#pass(event);
    this.#held = event;
    this.#cancel = this.#clock.after(LONGEST_MS, () => this.#letGo());
    this.#heard().then(() => this.#held === event && this.#letGo());
  }

  #letGo(): void {
    const held = this.#held;
    this.#cancel();
    this.#held = null;
    if (held !== null) this.#pass(held);
  }
}
