import type { Event } from "../decide/event.ts";

/**
 * The one queue. An event is answered at once, in the turn it was posted in; what is posted meanwhile
 * waits its turn, so that answers never nest.
 */
export class Inbox {
  readonly #answer: (event: Event) => void;
  readonly #waiting: Event[] = [];
  #answering = false;

  constructor(answer: (event: Event) => void) {
    this.#answer = answer;
  }

  post(event: Event): void {
    this.#waiting.push(event);
    if (this.#answering) return;
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
