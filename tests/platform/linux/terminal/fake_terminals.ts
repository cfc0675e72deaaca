/** Terminals in memory: the one that baton is in, and those of programs, by the calls that the relay makes. */
import type { PtyCalls } from "../../../../lib/platform/linux/terminal/pty_calls.ts";
import type { TerminalEnds } from "../../../../lib/platform/linux/terminal/program_terminal.ts";

const OWN = 10;
const WAKE = 11;
const OPENED = 12;
const FIRST_MASTER = 20;
const READABLE = 0x1;
const HUNG_UP = 0x10;
const LOCAL_AT = 12;
const INPUT_AT = 0;
const OUTPUT_AT = 4;
const PROCESSED = 0x1;
const SIGNALS_LINES_ECHO = 0x1 | 0x2 | 0x8;
const RETURN_TO_LINE_END = 0x100;

/** A program's end of its terminal. */
export class FakeProgram {
  readonly ends: TerminalEnds;
  /** What it was given. */
  given = "";
  written: number[] = [];
  isGone = false;
  holders = 0;
  wasTold = false;
  modes = modes();
  readonly #changed: () => void;

  constructor(number: number, changed: () => void) {
    const [master, link] = [FIRST_MASTER + 2 * number, FIRST_MASTER + 2 * number + 1];
    this.ends = { master, link, session: number, path: "" };
    this.#changed = changed;
  }

  write(text: string): void {
    this.written.push(...new TextEncoder().encode(text));
    this.#changed();
  }

  /** Begins to draw, key by key. */
  draws(): void {
    this.setModes(false, false);
    this.modes[OUTPUT_AT] = 0;
  }

  setModes(lines: boolean, echo: boolean): void {
    this.modes[LOCAL_AT] = 0x1 | (lines ? 0x2 : 0) | (echo ? 0x8 : 0);
  }

  leave(): void {
    this.isGone = true;
    this.#changed();
  }
}

export class FakeTerminals implements PtyCalls {
  readonly programs: FakeProgram[] = [];
  /** What was typed, and nobody has read yet. */
  typed: number[] = [];
  modes = modes();
  isForeground = true;
  readonly closed: number[] = [];
  /** Milliseconds. */
  now = 0;
  /** What happens just before a program's terminal is read next. */
  beforeRead = () => {};
  #woken = 0;
  #events = 0;
  #wait:
    | { entries: Uint8Array<ArrayBuffer>; timeoutMs: number; resolve: (ready: number) => void }
    | null = null;
  #isReached = Promise.withResolvers<void>();

  program(): FakeProgram {
    const program = new FakeProgram(this.programs.length, () => this.#changed());
    this.programs.push(program);
    return program;
  }

  type(text: string): void {
    this.typed.push(...new TextEncoder().encode(text));
    this.#changed();
  }

  opens(program: FakeProgram): void {
    program.holders += 1;
    this.#events += 1;
    this.#changed();
  }

  closes(program: FakeProgram): void {
    program.holders -= 1;
    this.#events += 1;
    this.#changed();
  }

  /** Whether what is written is shown as it is. */
  get isDrawnOn(): boolean {
    return this.modes[OUTPUT_AT] === 0;
  }

  /** Whether typing is shown, and comes by lines, as baton found it. */
  get isGivenBack(): boolean {
    return this.modes.join() === modes().join();
  }

  /** Resolves once the relay has nothing to do but wait. */
  async rests(): Promise<void> {
    while (this.#wait === null) {
      await this.#isReached.promise;
      this.#isReached = Promise.withResolvers();
    }
  }

  /** Nothing happens for so long. */
  async elapses(ms: number): Promise<void> {
    await this.rests();
    for (const until = this.now + ms; this.now < until; await this.rests()) {
      const { timeoutMs } = this.#wait!;
      const isDue = timeoutMs >= 0 && this.now + timeoutMs <= until;
      this.now = isDue ? this.now + timeoutMs : until;
      if (isDue) this.#resolve();
    }
  }

  poll(entries: Uint8Array<ArrayBuffer>, _: bigint, timeoutMs: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#wait = { entries, timeoutMs, resolve };
    this.#changed();
    if (this.#wait !== null) this.#isReached.resolve();
    return promise;
  }

  pollNow(entries: Uint8Array<ArrayBuffer>): number {
    return this.#fill(entries);
  }

  read(descriptor: number, into: Uint8Array<ArrayBuffer>): number {
    if (descriptor === WAKE) return this.#woken = 0, 8;
    if (descriptor === OPENED) {
      return this.#take(into, Array(this.#events).fill(0), () => this.#events = 0);
    }
    if (descriptor !== OWN) {
      const happens = this.beforeRead;
      this.beforeRead = () => {};
      happens();
    }
    const from = descriptor === OWN ? this.typed : this.#programOf(descriptor)!.written;
    return this.#take(into, from, (count) => from.splice(0, count));
  }

  write(descriptor: number, from: Uint8Array<ArrayBuffer>): number {
    if (descriptor === WAKE) {
      this.#woken += 1;
      this.#changed();
      return 8;
    }
    const program = this.#programOf(descriptor)!;
    if (descriptor === program.ends.link) program.wasTold = true;
    else program.given += new TextDecoder().decode(from);
    return from.length;
  }

  tcgetattr(descriptor: number, into: Uint8Array<ArrayBuffer>): number {
    into.set(descriptor === OWN ? this.modes : this.#programOf(descriptor)!.modes);
    return 0;
  }

  tcsetattr(_: number, __: number, from: Uint8Array<ArrayBuffer>): number {
    this.modes = from.slice();
    return 0;
  }

  close(descriptor: number): number {
    this.closed.push(descriptor);
    return 0;
  }

  open = () => OWN;
  eventfd = () => WAKE;
  inotify_init1 = () => OPENED;
  inotify_add_watch = () => 1;
  tcgetpgrp = () => this.isForeground ? 1 : 2;
  getpgrp = () => 1;
  ioctl = () => 0;
  fcntl = () => 0;
  socketpair = () => 0;
  memfd_create = () => 0;

  #programOf(descriptor: number): FakeProgram | undefined {
    return this.programs[Math.floor((descriptor - FIRST_MASTER) / 2)];
  }

  #take(into: Uint8Array, from: readonly number[], took: (count: number) => void): number {
    const bytes = from.slice(0, into.length);
    into.set(bytes);
    took(bytes.length);
    return bytes.length === 0 ? -1 : bytes.length;
  }

  #changed(): void {
    if (this.#wait !== null && this.#fill(this.#wait.entries) > 0) this.#resolve();
  }

  #resolve(): void {
    const wait = this.#wait;
    this.#wait = null;
    wait?.resolve(0);
  }

  /** Says of each entry what is so; returns of how many something is. */
  #fill(entries: Uint8Array<ArrayBuffer>): number {
    const view = new DataView(entries.buffer);
    let ready = 0;
    for (let at = 0; at < entries.length; at += 8) {
      const state = this.#stateOf(view.getInt32(at, true));
      view.setUint16(at + 6, state, true);
      if (state !== 0) ready += 1;
    }
    return ready;
  }

  #stateOf(descriptor: number): number {
    if (descriptor === OWN) return this.typed.length > 0 ? READABLE : 0;
    if (descriptor === WAKE) return this.#woken > 0 ? READABLE : 0;
    if (descriptor === OPENED) return this.#events > 0 ? READABLE : 0;
    const program = this.#programOf(descriptor)!;
    if (descriptor === program.ends.link) return program.isGone ? READABLE : 0;
    return (program.written.length > 0 ? READABLE : 0) | (program.holders > 0 ? 0 : HUNG_UP);
  }
}

function modes(): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(60);
  new DataView(found.buffer).setUint32(INPUT_AT, RETURN_TO_LINE_END, true);
  found[OUTPUT_AT] = PROCESSED;
  found[LOCAL_AT] = SIGNALS_LINES_ECHO;
  return found;
}
