import { asProgramsFindIt, type Modes, MODES_BYTES } from "../../posix/terminal_modes.ts";
import { openTerminal, type PtyCalls, raised } from "./pty_calls.ts";

// Of Linux's ioctls.h.
const GET_SIZE = 0x5413n;
const SET_SIZE = 0x5414n;
const SET_LOCK = 0x40045431n;
const GET_NUMBER = 0x80045430n;

// Of termios.h.
const AT_ONCE = 0;

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
