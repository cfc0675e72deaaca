import process from "node:process";
import { isatty } from "node:tty";
import type { Cancel, Terminal } from "../platform.ts";
import { keepModes } from "./terminal_modes.ts";
import { reopenNonblocking } from "../linux/reopen_nonblocking.ts";
import { writeAll } from "./write_all.ts";

const CTRL_C = "\x03";
const ESCAPE = "\x1b";
const LINE_END = 0x0a;

/** Standard error, once something was written there. */
let log: number | undefined;

/** What a program wrote last has not ended its line. */
let isLineOpen = false;

function writeErr(text: string | Uint8Array): void {
  log ??= reopenNonblocking(2);
  if (typeof text === "string") {
    writeAll(log, isLineOpen ? `\n${text}` : text);
    isLineOpen = false;
  } else if (text.length > 0) {
    writeAll(log, text);
    isLineOpen = text.at(-1) !== LINE_END;
  }
}

/** The terminal through `node:` built-ins. */
export function nodeTerminal(): Terminal {
  return {
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    writeOut: (text) => writeAll(1, text),
    writeErr,
    onKey,
    keepModes: isatty(0) ? keepModes : () => () => {},
  };
}

/** Raw mode takes Ctrl-C from the terminal's driver, so it is given back as the signal it would have been. */
function onKey(run: (key: string) => void): Cancel {
  const { stdin } = process;
  const wasRaw = stdin.isRaw === true;
  const onData = (chunk: Uint8Array | string) => {
    const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    for (const key of text.startsWith(ESCAPE) ? [text] : text) {
      if (key === CTRL_C) process.kill(process.pid, "SIGINT");
      else run(key);
    }
  };
  const restore = () => {
    if (stdin.isTTY) stdin.setRawMode(wasRaw);
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", onData);
  stdin.resume();
  process.once("exit", restore);
  return () => {
    process.off("exit", restore);
    stdin.off("data", onData);
    stdin.pause();
    restore();
  };
}
