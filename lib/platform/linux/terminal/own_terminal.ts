import { type Modes, passing } from "../../posix/terminal_modes.ts";
import { modesOf, setModes } from "./pty.ts";
import { openTerminal, type PtyCalls } from "./pty_calls.ts";

/** The terminal that baton is in, from which what is typed is taken for a while. */
export class OwnTerminal {
  readonly #calls: PtyCalls;
  readonly descriptor: number;
  /** To be set again; null where they are as they were. */
  #found: Modes | null = null;
  /** As they were set when it was taken. */
  #taken: Modes | null = null;

  constructor(calls: PtyCalls) {
    this.#calls = calls;
    this.descriptor = openTerminal(calls, "/dev/tty");
  }

  /** In the background it is a shell's, and whoever reads it or sets its modes is stopped. */
  get isForeground(): boolean {
    return this.#calls.tcgetpgrp(this.descriptor) === this.#calls.getpgrp();
  }

  /** Has what is typed come as it is, key by key, and shown by who it is passed on to; `drawn`: and what is written. */
  take(drawn: boolean): void {
    const modes = modesOf(this.#calls, this.descriptor);
    if (modes === null) return;
    if (this.#taken === null || !isSame(modes, this.#taken)) this.#found = modes;
    this.#taken = passing(this.#found ?? modes, drawn);
    if (!isSame(modes, this.#taken)) setModes(this.#calls, this.descriptor, this.#taken);
  }

  /** Sets the modes that it was taken with, unless somebody else has set others since. */
  giveBack(): void {
    const [found, taken] = [this.#found, this.#taken];
    this.#found = this.#taken = null;
    if (found === null || taken === null || !this.isForeground) return;
    const modes = modesOf(this.#calls, this.descriptor);
    if (modes !== null && isSame(modes, taken)) setModes(this.#calls, this.descriptor, found);
  }

  close(): void {
    this.giveBack();
    this.#calls.close(this.descriptor);
  }
}

function isSame(one: Modes, other: Modes): boolean {
  return one.join() === other.join();
}
