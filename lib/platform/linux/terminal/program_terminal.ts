import { byLines, completesLines, echoes } from "../../posix/terminal_modes.ts";
import { copySize, modesOf } from "./pty.ts";
import { HUNG_UP, type PtyCalls, readNow, writeNow } from "./pty_calls.ts";
import { pollNow } from "./poll_set.ts";
import { endsLine, isAsking } from "./question.ts";
import type { Reading } from "./who_reads.ts";

export interface TerminalEnds {
  readonly master: number;
  readonly path: string;
  /** The socket to the leader of its session: it ends when that does. */
  readonly link: number;
  /** The number of the session. */
  readonly session: number;
}

export interface TerminalOptions {
  /** Shows what is written there in the terminal that baton is in. */
  show(bytes: Uint8Array): void;
  whoReads(session: number, path: string): Reading;
}

const CHUNK_BYTES = 4_096;
/** So much is shown before baton does something else. */
const MAX_CHUNKS = 16;
const KEYS = 64;
const LINE_END = 0x0a;
const PROGRAM_ENDED = new Uint8Array(1);

/** A program's terminal, for as long as its session has a leader. */
export class ProgramTerminal {
  readonly #calls: PtyCalls;
  readonly #ends: TerminalEnds;
  readonly #with: TerminalOptions;
  /** What was written last has not ended its line. */
  #isLineOpen = false;
  #isClosed = false;
  /** Somebody has it open. */
  isHeld = true;

  constructor(calls: PtyCalls, ends: TerminalEnds, options: TerminalOptions) {
    this.#calls = calls;
    this.#ends = ends;
    this.#with = options;
  }

  get master(): number {
    return this.#ends.master;
  }

  get link(): number {
    return this.#ends.link;
  }

  /** Whether what is typed is for who asks there; without looking at processes only what is plain. */
  isAsking({ looks }: { readonly looks: boolean }): boolean {
    const { master, session, path } = this.#ends;
    const modes = modesOf(this.#calls, master);
    return modes !== null && isAsking({
      isHeld: this.isHeld,
      isLineOpen: this.#isLineOpen,
      echoes: echoes(modes),
      byLines: byLines(modes),
      reading: () => looks ? this.#with.whoReads(session, path) : "no",
    });
  }

  /** Whether who has it draws there, by keys and by positions on the screen. */
  get isDrawnOn(): boolean {
    const modes = modesOf(this.#calls, this.master);
    return modes !== null && !completesLines(modes);
  }

  /** Sees whether somebody has it open. */
  see(): void {
    this.isHeld = (pollNow(this.#calls, this.master) & HUNG_UP) === 0;
  }

  /** Shows what was written, each time after a call of `first`; what was written by who has closed it already is there still. */
  pass(first: () => void): void {
    for (let chunk = 0; chunk < MAX_CHUNKS || !this.isHeld; chunk++) {
      if (!this.#show(first)) break;
    }
    if (!this.isHeld) this.#isLineOpen = false;
  }

  /** Passes on what is typed, no more than a line where it comes by lines; whether that is complete. */
  give(typed: number): boolean {
    const modes = modesOf(this.#calls, this.master);
    const isByLines = modes !== null && byLines(modes);
    for (;;) {
      const keys = readNow(this.#calls, typed, new Uint8Array(isByLines ? 1 : KEYS));
      if (keys.length === 0) return false;
      writeNow(this.#calls, this.master, keys);
      if (!isByLines || !endsLine(keys[0]!)) continue;
      this.#isLineOpen = false;
      return true;
    }
  }

  resize(like: number): void {
    copySize(this.#calls, like, this.master);
  }

  /** Tells the leader of the session that the program has ended. */
  programEnded(): void {
    if (!this.#isClosed) writeNow(this.#calls, this.link, PROGRAM_ENDED);
  }

  close(): void {
    while (this.#show(() => {}));
    this.#isClosed = true;
    this.#calls.close(this.master);
    this.#calls.close(this.link);
  }

  /** Whether there was something. */
  #show(first: () => void): boolean {
    const bytes = readNow(this.#calls, this.master, new Uint8Array(CHUNK_BYTES));
    if (bytes.length === 0) return false;
    this.#isLineOpen = bytes.at(-1) !== LINE_END;
    first();
    this.#with.show(bytes);
    return true;
  }
}
