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
import { ProgramTerminal, type TerminalEnds, type TerminalOptions } from "./program_terminal.ts";
import { HUNG_UP, type PtyCalls, readNow } from "./pty_calls.ts";

export interface RelayOptions extends TerminalOptions {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

/** How long after something has happened it is looked whether somebody asks, each time. */
const LOOKS_MS: readonly number[] = [5, 15, 50, 150, 400, 1_000];
/** To look takes a few milliseconds among some hundred processes: of the time, no more than one in so many. */
const LOOKS_SHARE = 20;
/** Whoever was given a line reads on, or is done with asking, by then. */
const ANSWERED_MS = 10;

const OPENED_OR_CLOSED = 0x20 | 0x08 | 0x10;
const NONBLOCKING_CLOSE_ON_EXEC = 0o2004000;
const EVENTS_BYTES = 4_096;
const DEVICE = new TextEncoder().encode("/dev/tty\0");

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
  /** When a line was given to who asks, until it is seen to ask on; null where it waits for one. */
  #answeredAt: number | null = null;
  /** How often it was looked since something has happened, and when that is due again. */
  #looks = 0;
  #lookAt = 0;
  /** No look is due before, whatever happens. */
  #restUntil = 0;
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

  get isRelaying(): boolean {
    return this.#terminals.size > 0;
  }

  /** To be relayed by `relay`, from now on where that is under way. */
  add(ends: TerminalEnds): ProgramTerminal {
    const terminal = new ProgramTerminal(this.#calls, ends, this.#with);
    this.#terminals.add(terminal);
    this.#stir();
    this.#polls.wake();
    return terminal;
  }

  /** Relays all terminals until there is none any more: then it is closed, and `onEnd` called. */
  async relay(onEnd: () => void): Promise<void> {
    const resized = () => this.#terminals.forEach((terminal) => terminal.resize(this.own));
    const suspended = () => this.#suspend(true);
    const continued = () => this.#suspend(false);
    const ended = () => this.#own.giveBack();
    // Before whoever else hears of it: the process is suspended by one of them.
    process.prependListener("SIGTSTP", suspended);
    process.on("SIGWINCH", resized).on("SIGCONT", continued).once("exit", ended);
    try {
      while (this.isRelaying) {
        await this.#polls.wait(this.#waiting(), this.#timeoutMs());
        if (this.#with.now() >= this.#lookAt) this.#look();
      }
    } finally {
      process.off("SIGTSTP", suspended).off("SIGWINCH", resized).off("SIGCONT", continued);
      process.off("exit", ended);
      this.close();
      onEnd();
    }
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
      if (!terminal.isHeld) continue;
      waiting.set(terminal.master, () => this.#changed([terminal]));
    }
    const asking = this.#asking;
    if (asking !== null && this.#answeredAt === null && !this.#isCutOff) {
      waiting.set(this.own, () => this.#typed(asking));
    }
    return waiting;
  }

  #timeoutMs(): number {
    return this.#lookAt === Infinity ? -1 : Math.max(0, Math.ceil(this.#lookAt - this.#with.now()));
  }

  /** Something has happened, and somebody may ask by now. */
  #stir(): void {
    const soonest = Math.min(this.#lookAt, this.#with.now() + LOOKS_MS[0]!);
    this.#lookAt = Math.max(this.#restUntil, soonest);
    this.#looks = 0;
  }

  #look(): void {
    const begunAt = this.#with.now();
    for (const terminal of this.#terminals) {
      terminal.see();
      this.#pass(terminal);
    }
    this.#ask({ looks: true });
    const now = this.#with.now();
    if (this.#answeredAt !== null && now >= this.#answeredAt + ANSWERED_MS) this.#answeredAt = null;
    // While nobody holds a terminal open, nobody can ask before somebody opens one.
    const isOver = this.#isSuspended || ![...this.#terminals].some(({ isHeld }) => isHeld);
    this.#restUntil = now + (now - begunAt) * LOOKS_SHARE;
    this.#lookAt = isOver ? Infinity : Math.max(this.#restUntil, now + LOOKS_MS[this.#looks]!);
    this.#looks = Math.min(this.#looks + 1, LOOKS_MS.length - 1);
  }

  /** Finds out who asks: whoever does goes on until it has its answer. */
  #ask(how: { readonly looks: boolean }): void {
    const before = this.#asking;
    const isFree = !this.#isSuspended && this.#own.isForeground;
    const inTurn = [...before === null ? [] : [before], ...this.#terminals];
    this.#asking = isFree ? inTurn.find((terminal) => terminal.isAsking(how)) ?? null : null;
    if (this.#asking !== before) this.#answeredAt = null;
    if (this.#asking !== null) this.#own.take(this.#asking.isDrawnOn);
    else if (before !== null) this.#own.giveBack();
  }

  #stirred(): void {
    while (readNow(this.#calls, this.#opened, new Uint8Array(EVENTS_BYTES)).length > 0);
    this.#changed(this.#terminals);
  }

  /** Shows what was written, and sees what can be seen without a look: before, for who draws, and after. */
  #changed(terminals: Iterable<ProgramTerminal>): void {
    for (const terminal of terminals) terminal.see();
    this.#askAnew();
    for (const terminal of terminals) this.#pass(terminal);
    this.#askAnew();
    this.#stir();
  }

  /** Who has written it has opened the terminal and set its modes before, and may be answered as soon as it is seen. */
  #pass(terminal: ProgramTerminal): void {
    terminal.pass(() => {
      terminal.see();
      this.#askAnew();
    });
  }

  #askAnew(): void {
    if (this.#asking === null || !this.#asking.isHeld) this.#ask({ looks: false });
  }

  #typed(asking: ProgramTerminal): void {
    if (asking.give(this.own)) this.#answeredAt = this.#with.now();
    this.#isCutOff = (pollNow(this.#calls, this.own) & HUNG_UP) !== 0;
    this.#stir();
  }

  #gone(terminal: ProgramTerminal): void {
    terminal.close();
    this.#terminals.delete(terminal);
    if (this.#asking !== terminal) return;
    this.#asking = null;
    this.#own.giveBack();
    this.#stir();
  }

  #suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    if (isSuspended) this.#own.giveBack();
    this.#stir();
    this.#polls.wake();
  }
}
