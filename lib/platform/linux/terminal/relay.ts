/**
 * # Theory of operation
 *
 * A program has a session, and a terminal, of its own, to which only `/dev/tty` leads: its standard descriptors
 * are those of the terminal that baton is in. What it writes there is shown here. What is typed here is for its
 * standard input, until it asks there: then it is taken, one key at a time, and passed on to the program's own
 * terminal, which shows and edits it. Ctrl-C and Ctrl-Z are baton's all the while.
 *
 * That somebody asks has no event. That a terminal is opened or closed, or written to, has; after each of these,
 * and for as long as somebody holds one open, it is looked again, less often the longer nothing happens.
 */
import process from "node:process";
import { OwnTerminal } from "./own_terminal.ts";
import { pollNow, PollSet } from "./poll_set.ts";
import { byLines, copySize, echoes, modesOf } from "./pty.ts";
import { HUNG_UP, type PtyCalls, readNow, writeNow } from "./pty_calls.ts";
import { endsLine, isAsking } from "./question.ts";
import type { whoReads } from "./who_reads.ts";

/** A program's terminal, for as long as its session has a leader. */
export interface ProgramTerminal {
  readonly master: number;
  readonly path: string;
  /** The socket to the leader of its session: it ends when that does. */
  readonly link: number;
  /** The number of the session. */
  readonly session: number;
  /** Somebody has it open. */
  isHeld: boolean;
  /** What was written there last has not ended its line. */
  isLineOpen: boolean;
}

/** How long after something has happened it is looked whether somebody asks, each time. */
const LOOKS_MS: readonly number[] = [5, 15, 50, 150, 400, 1_000];
/** Whoever was given a line reads on, or is done with asking, by then. */
const ANSWERED_MS = 10;
const KEYS = 64;
const CHUNK_BYTES = 4_096;

const OPENED_OR_CLOSED = 0x20 | 0x08 | 0x10;
const NONBLOCKING_CLOSE_ON_EXEC = 0o2004000;
const LINE_END = 0x0a;
const PROGRAM_ENDED = new Uint8Array(1);
const DEVICE = new TextEncoder().encode("/dev/tty\0");

export interface RelayOptions {
  /** Shows what is written there in the terminal that baton is in. */
  show(bytes: Uint8Array): void;
  readonly whoReads: typeof whoReads;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

/** Shows what programs ask on their terminals, and passes the answers on. */
export class TerminalRelay {
  readonly #calls: PtyCalls;
  readonly #with: RelayOptions;
  readonly #own: OwnTerminal;
  readonly #polls: PollSet;
  /** Tells who opens or closes its controlling terminal, of the whole system. */
  readonly #opened: number;
  readonly #terminals = new Set<ProgramTerminal>();
  #asking: ProgramTerminal | null = null;
  #answeredAt = -Infinity;
  #looks = 0;
  #isSuspended = false;
  #isCutOff = false;

  private constructor(calls: PtyCalls, options: RelayOptions) {
    this.#calls = calls;
    this.#with = options;
    this.#own = new OwnTerminal(calls);
    this.#polls = new PollSet(calls);
    this.#opened = calls.inotify_init1(NONBLOCKING_CLOSE_ON_EXEC);
  }

  /** Null where baton is not in the foreground of a terminal, or nobody tells who opens one. */
  static open(calls: PtyCalls, options: RelayOptions): TerminalRelay | null {
    const relay = new TerminalRelay(calls, options);
    const isReady = relay.#own.isForeground && relay.#polls.isOpen &&
      calls.inotify_add_watch(relay.#opened, DEVICE, OPENED_OR_CLOSED) >= 0;
    if (isReady) return relay;
    relay.close();
    return null;
  }

  /** The terminal that baton is in. */
  get own(): number {
    return this.#own.descriptor;
  }

  get isForeground(): boolean {
    return this.#own.isForeground;
  }

  /** Relays this one, and those that are added, until there is none any more. */
  async relay(first: ProgramTerminal, onEnd: () => void): Promise<void> {
    this.add(first);
    const resized = () => this.#resize();
    const suspended = () => this.#suspend(true);
    const continued = () => this.#suspend(false);
    const ended = () => this.#own.giveBack();
    // Before whoever else hears of it: the process is suspended by one of them.
    process.prependListener("SIGTSTP", suspended);
    process.on("SIGWINCH", resized).on("SIGCONT", continued).once("exit", ended);
    try {
      while (this.#terminals.size > 0) {
        await this.#polls.wait(this.#waiting(), this.#timeoutMs());
        this.#look();
      }
    } finally {
      process.off("SIGTSTP", suspended).off("SIGWINCH", resized).off("SIGCONT", continued);
      process.off("exit", ended);
      onEnd();
    }
  }

  /** Relays this one, too. */
  add(terminal: ProgramTerminal): void {
    this.#terminals.add(terminal);
    this.#polls.wake();
  }

  /** Tells the leader of its session that the program has ended. */
  ended(terminal: ProgramTerminal): void {
    if (this.#terminals.has(terminal)) writeNow(this.#calls, terminal.link, PROGRAM_ENDED);
  }

  close(): void {
    this.#own.close();
    this.#polls.close();
    if (this.#opened >= 0) this.#calls.close(this.#opened);
  }

  #waiting(): Map<number, () => void> {
    const waiting = new Map([[this.#opened, () => this.#stirred()]]);
    for (const terminal of this.#terminals) {
      waiting.set(terminal.link, () => this.#gone(terminal));
      if (terminal.isHeld) waiting.set(terminal.master, () => this.#written(terminal));
    }
    const asking = this.#asking;
    if (asking !== null && !this.#isCutOff && this.#with.now() >= this.#answeredAt + ANSWERED_MS) {
      waiting.set(this.own, () => this.#typed(asking));
    }
    return waiting;
  }

  /** While nobody holds a terminal open, nobody can ask before somebody opens one. */
  #timeoutMs(): number {
    const isHeld = this.#terminals.values().some((terminal) => terminal.isHeld);
    return isHeld && !this.#isSuspended ? LOOKS_MS[this.#looks] ?? LOOKS_MS.at(-1)! : -1;
  }

  #look(): void {
    this.#looks = Math.min(this.#looks + 1, LOOKS_MS.length - 1);
    for (const terminal of this.#terminals) this.#lookAt(terminal);
    const isFree = !this.#isSuspended && this.#own.isForeground;
    const before = this.#asking;
    const asks = (terminal: ProgramTerminal) => isFree && this.#isAsking(terminal);
    this.#asking = before !== null && this.#terminals.has(before) && asks(before)
      ? before
      : this.#terminals.values().find(asks) ?? null;
    if (this.#asking !== null) this.#own.take();
    else if (before !== null) this.#own.giveBack();
  }

  /** What was written by who has closed it already is there still. */
  #lookAt(terminal: ProgramTerminal): void {
    terminal.isHeld = (pollNow(this.#calls, terminal.master) & HUNG_UP) === 0;
    if (terminal.isHeld) return;
    while (this.#written(terminal));
    terminal.isLineOpen = false;
  }

  #isAsking({ master, session, path, isHeld, isLineOpen }: ProgramTerminal): boolean {
    const modes = modesOf(this.#calls, master);
    if (modes === null) return false;
    const reading = () => this.#with.whoReads(session, path);
    return isAsking({
      ...{ isHeld, isLineOpen, reading },
      echoes: echoes(modes),
      byLines: byLines(modes),
    });
  }

  #stirred(): void {
    while (readNow(this.#calls, this.#opened, new Uint8Array(CHUNK_BYTES)).length > 0);
    this.#looks = 0;
  }

  /** Whether there was something. */
  #written(terminal: ProgramTerminal): boolean {
    const bytes = readNow(this.#calls, terminal.master, new Uint8Array(CHUNK_BYTES));
    if (bytes.length === 0) return false;
    terminal.isLineOpen = bytes.at(-1) !== LINE_END;
    this.#with.show(bytes);
    this.#looks = 0;
    return true;
  }

  #typed({ master }: ProgramTerminal): void {
    const modes = modesOf(this.#calls, master);
    const size = modes !== null && byLines(modes) ? 1 : KEYS;
    for (;;) {
      const keys = readNow(this.#calls, this.own, new Uint8Array(size));
      if (keys.length === 0) break;
      writeNow(this.#calls, master, keys);
      if (size > 1 || !endsLine(keys[0]!)) continue;
      this.#answeredAt = this.#with.now();
      break;
    }
    this.#looks = 0;
    this.#isCutOff = (pollNow(this.#calls, this.own) & HUNG_UP) !== 0;
  }

  #gone(terminal: ProgramTerminal): void {
    while (this.#written(terminal));
    this.#calls.close(terminal.master);
    this.#calls.close(terminal.link);
    this.#terminals.delete(terminal);
  }

  #resize(): void {
    for (const { master } of this.#terminals) copySize(this.#calls, this.own, master);
  }

  #suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    this.#looks = 0;
    if (isSuspended) this.#own.giveBack();
    else this.#polls.wake();
  }
}
