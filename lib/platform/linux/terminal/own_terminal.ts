import { type Modes, modesOf, passing, setModes } from "./pty.ts";
import { openTerminal, type PtyCalls } from "./pty_calls.ts";

/** The terminal that baton is in, from which what is typed is taken for a while. */
export class OwnTerminal {
  readonly #calls: PtyCalls;
  readonly descriptor: number;
  /** To be set again; null where they are as they were. */
  #found: Modes | null = null;

  constructor(calls: PtyCalls) {
    this.#calls = calls;
    this.descriptor = openTerminal(calls, "/dev/tty");
  }

  /** In the background it is a shell's, and whoever reads it or sets its modes is stopped. */
  get isForeground(): boolean {
    return this.#calls.tcgetpgrp(this.descriptor) === this.#calls.getpgrp();
  }

  /** Has what is typed come as it is, key by key, and shown by who it is passed on to. */
  take(): void {
    const modes = modesOf(this.#calls, this.descriptor);
    if (modes === null || this.#found !== null && isSame(modes, passing(this.#found))) return;
    this.#found = modes;
    setModes(this.#calls, this.descriptor, passing(modes));
  }

  /** Sets the modes that it was taken with, unless somebody else has set others since. */
  giveBack(): void {
    const found = this.#found;
    this.#found = null;
    if (found === null || !this.isForeground) return;
    const modes = modesOf(this.#calls, this.descriptor);
    if (modes !== null && isSame(modes, passing(found))) {
      setModes(this.#calls, this.descriptor, found);
    }
  }

  close(): void {
    this.giveBack();
    this.#calls.close(this.descriptor);
  }
}

function isSame(one: Modes, other: Modes): boolean {
  return one.join() === other.join();
}
