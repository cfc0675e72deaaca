/** What a terminal does with what is typed and written, as the C library tells it. */
export type Modes = Uint8Array<ArrayBuffer>;

// Of Linux's termios.h: `struct termios` of glibc is four words, a byte, 32 characters, and two speeds.
export const MODES_BYTES = 60;
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
  const changed = unbuffered(modes);
  if (drawn) clear(changed, OUTPUT_AT, PROCESSED);
  clear(changed, INPUT_AT, STRIP_AND_LINE_ENDS);
  clear(changed, LOCAL_AT, EXTENDED);
  return changed;
}

/** Each key is told at once and not shown; Ctrl-C, Ctrl-Z and Ctrl-\ go on being signals. */
export function unbuffered(modes: Modes): Modes {
  const changed = modes.slice();
  clear(changed, LOCAL_AT, CANONICAL | ECHO);
  changed[TIME] = 0;
  changed[MINIMUM] = 1;
  return changed;
}

/** Line ends are doubled by the real one, where all is shown in the end. */
export function asProgramsFindIt(modes: Modes): Modes {
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
