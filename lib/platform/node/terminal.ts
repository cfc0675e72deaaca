import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Terminal } from "../platform.ts";
import { keepModes, type OpenTerminalCalls, terminalControl } from "../posix/terminal_control.ts";
import { onKey } from "./keys.ts";
import { reopenNonblocking } from "../linux/reopen_nonblocking.ts";
import { writeAll, writeLog } from "../write_all.ts";

const LINE_END = 0x0a;

/** Standard error, once something was written there. */
let log: number | undefined;

/** What a program wrote last has not ended its line. */
let isLineOpen = false;

function writeErr(text: string | Uint8Array): void {
  log ??= reopenNonblocking(2);
  if (typeof text === "string") {
    writeLog(log, isLineOpen ? `\n${text}` : text, writeSync);
    isLineOpen = false;
  } else if (text.length > 0) {
    writeLog(log, text, writeSync);
    isLineOpen = text.at(-1) !== LINE_END;
  }
}

/**
 * Ends what a program that draws was in the middle of: its text, the other screen, reports of the mouse, of focus and
 * of pastes, a hidden cursor. Leaving a screen that nobody is in may move the cursor to where it was kept, so here.
 */
const DRAWING_ENDS =
  "\x1b[0m\x1b7\x1b[?1049l\x1b[?1;1000;1002;1003;1004;1005;1006;1015;2004;2026l\x1b[?25h";

function endDrawing(): void {
  const at = isatty(2) ? log ??= reopenNonblocking(2) : isatty(1) ? 1 : 0;
  writeLog(at, DRAWING_ENDS, writeSync);
}

/** Shows what a program writes to its controlling terminal in the one that baton is in. */
export function showInTerminal(bytes: Uint8Array): void {
  if (isatty(2)) writeErr(bytes);
  else writeLog(isatty(1) ? 1 : 0, bytes, writeSync); // in a terminal one of them is one
}

/** The terminal through `node:` built-ins. */
export function nodeTerminal(open: OpenTerminalCalls): Terminal {
  const control = terminalControl(open);
  const stdinIsTerminal = isatty(0);
  return {
    stdinIsTerminal,
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    writeOut: (text) => writeAll(1, text, writeSync),
    writeErr,
    onKey: (run) => onKey(control, run),
    keepModes: stdinIsTerminal ? () => keepModes(control, endDrawing) : () => () => {},
    isForeground: () => !stdinIsTerminal || control.isForeground(),
  };
}
