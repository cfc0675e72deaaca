import { openTerminal, type PtyCalls, raised } from "./pty_calls.ts";

// Of Linux's ioctls.h and termios.h.
const GET_SIZE = 0x5413n;
const SET_SIZE = 0x5414n;
const SET_LOCK = 0x40045431n;
const GET_NUMBER = 0x80045430n;

const MODES_BYTES = 60;
const INPUT_AT = 0;
const OUTPUT_AT = 4;
const LOCAL_AT = 12;
const CHARACTERS_AT = 17;
const TIME = CHARACTERS_AT + 5;
const MINIMUM = CHARACTERS_AT + 6;
const STRIP_AND_LINE_ENDS = 0x20 | 0x40 | 0x80 | 0x100;
const PROCESSED = 0x1;
const LINE_END_TO_TWO = 0x4;
const CANONICAL = 0x2;
const ECHO = 0x8;
const EXTENDED = 0x8000;

const AT_ONCE = 0;

export type Modes = Uint8Array<ArrayBuffer>;

/** A new terminal with the size and the modes of `own`; null where the system gives none. */
export function openPty(
  calls: PtyCalls,
  own: number,
  modes: Modes | null,
): { readonly master: number; readonly path: string } | null {
  const opened = openTerminal(calls, "/dev/ptmx");
  const master = opened < 0 ? -1 : raised(calls, opened);
  if (master < 0) return null;
  const number = new Int32Array(1);
  const failed = calls.ioctl(master, SET_LOCK, new Int32Array(1)) < 0 ||
    calls.ioctl(master, GET_NUMBER, number) < 0;
  if (failed) {
    calls.close(master);
    return null;
  }
  copySize(calls, own, master);
  if (modes !== null) setModes(calls, master, asProgramsFindIt(modes));
  return { master, path: `/dev/pts/${number[0]}` };
}

export function copySize(calls: PtyCalls, from: number, to: number): void {
  const size = new Uint16Array(4);
  if (calls.ioctl(from, GET_SIZE, size) >= 0) calls.ioctl(to, SET_SIZE, size);
}

/** Of the terminal, by its own descriptor or by that of its master; null where it is gone. */
export function modesOf(calls: PtyCalls, terminal: number): Modes | null {
  const modes = new Uint8Array(MODES_BYTES);
  return calls.tcgetattr(terminal, modes) === 0 ? modes : null;
}

export function setModes(calls: PtyCalls, terminal: number, modes: Modes): void {
  calls.tcsetattr(terminal, AT_ONCE, modes);
}

export function echoes(modes: Modes): boolean {
  return (local(modes) & ECHO) !== 0;
}

export function byLines(modes: Modes): boolean {
  return (local(modes) & CANONICAL) !== 0;
}

/** Whether line ends are completed where they are written; else whoever writes there draws, and does so itself. */
export function completesLines(modes: Modes): boolean {
  return (new DataView(modes.buffer).getUint32(OUTPUT_AT, true) & PROCESSED) !== 0;
}

/**
 * What is typed passes as it is, for another terminal to show and to edit; what sends a signal still does. What is
 * written does where it is `drawn`.
 */
export function passing(modes: Modes, drawn: boolean): Modes {
  const changed = modes.slice();
  if (drawn) clear(changed, OUTPUT_AT, PROCESSED);
  clear(changed, INPUT_AT, STRIP_AND_LINE_ENDS);
  clear(changed, LOCAL_AT, CANONICAL | ECHO | EXTENDED);
  changed[TIME] = 0;
  changed[MINIMUM] = 1;
  return changed;
}

/** Line ends are doubled by the real one, where all is shown in the end. */
function asProgramsFindIt(modes: Modes): Modes {
  const changed = modes.slice();
  clear(changed, OUTPUT_AT, LINE_END_TO_TWO);
  return changed;
}

function local(modes: Modes): number {
  return new DataView(modes.buffer).getUint32(LOCAL_AT, true);
}

function clear(modes: Modes, at: number, bits: number): void {
  const view = new DataView(modes.buffer);
  view.setUint32(at, view.getUint32(at, true) & ~bits, true);
}
