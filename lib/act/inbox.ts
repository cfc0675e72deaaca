import type { Event } from "../decide/event.ts";

/**
 * The one queue. An event is answered at once, in the turn it was posted in; what is posted meanwhile
 * waits its turn, so that answers never nest. Between `hold` and `release` events only queue.
 */
export class Inbox {
  readonly #answer: (event: Event) => void;
  readonly #waiting: Event[] = [];
  #answering = false;
  #isHeld = false;

  constructor(answer: (event: Event) => void) {
    this.#answer = answer;
  }

  post(event: Event): void {
    this.#waiting.push(event);
    this.#answerAll();
  }

  /** From the next event on nothing is answered until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#answerAll();
  }

  #answerAll(): void {
    if (this.#answering || this.#isHeld) return;
    this.#answering = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#answer(next);
      }
    } finally {
      this.#answering = false;
    }
  }
}
