import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Cancel } from "../platform.ts";
import { type Modes, MODES_BYTES, unbuffered } from "./terminal_modes.ts";

/** The terminal on standard input. */
export interface TerminalControl {
  /** Its modes, as this control has them; null where there is none, or none any more. */
  modes(): string | null;
  setModes(modes: string): void;
  /** Those modes, but each key is told at once and not shown; null where it takes a runtime to set them. */
  unbuffered(modes: string): string | null;
  /** Whether it is this process's: in the background it is another's, and whoever sets its modes is stopped. */
  isForeground(): boolean;
}

/** Functions of the C library about the terminal with this descriptor. */
export interface TerminalCalls {
  tcgetattr(descriptor: number, into: Uint8Array<ArrayBuffer>): number;
  tcsetattr(descriptor: number, when: number, from: Uint8Array<ArrayBuffer>): number;
  tcgetpgrp(descriptor: number): number;
  getpgrp(): number;
}

/** Opens the calls for a while; null where they cannot be called. */
export type OpenTerminalCalls = () => { readonly calls: TerminalCalls; close(): void } | null;

/** By the C library, in a fraction of a millisecond; where it cannot be called by programs, in some ten. */
export function terminalControl(open: OpenTerminalCalls): TerminalControl {
  function use<Result>(run: (calls: TerminalCalls) => Result, otherwise: () => Result): Result {
    const library = open();
    if (library === null) return otherwise();
    try {
      return run(library.calls);
    } finally {
      library.close();
    }
  }
  return {
    modes: () => use(modesBy, () => stty("-g")),
    setModes: (modes) => use((calls) => setModesBy(calls, modes), () => void stty(modes)),
    unbuffered: (modes) => use(() => unbuffered(bytesOf(modes)).join(), () => null),
    isForeground: () =>
      use((calls) => calls.tcgetpgrp(INPUT) === calls.getpgrp(), isForegroundByPs),
  };
}

/**
 * Sets the modes that it has now again, where they have changed since and it is in the foreground: who had changed them
 * reads single keys, and may have drawn.
 */
export function keepModes(control: TerminalControl, endDrawing: () => void): Cancel {
  const found = control.modes();
  return () => {
    if (found !== null && control.modes() !== found && control.isForeground()) {
      control.setModes(found);
      endDrawing();
    }
  };
}

const INPUT = 0;

// Of termios.h.
const AFTER_OUTPUT = 1;

function modesBy(calls: TerminalCalls): string | null {
  const modes = new Uint8Array(MODES_BYTES);
  return calls.tcgetattr(INPUT, modes) === 0 ? modes.join() : null;
}

function setModesBy(calls: TerminalCalls, modes: string): void {
  calls.tcsetattr(INPUT, AFTER_OUTPUT, bytesOf(modes));
}

function bytesOf(modes: string): Modes {
  return Uint8Array.from(modes.split(","), Number);
}

function isForegroundByPs(): boolean {
  const printed = print("ps", "-o", "pgid=,tpgid=", "-p", String(process.pid));
  const [group, foreground] = printed?.split(/\s+/) ?? [];
  return group === foreground;
}

/** What it prints; null where there is no terminal, or none any more. */
function stty(argument: string): string | null {
  return print("stty", argument);
}

function print(command: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(command, args, {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : null;
}
