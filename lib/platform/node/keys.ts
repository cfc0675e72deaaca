import process from "node:process";
import type { Cancel } from "../platform.ts";
import type { TerminalControl } from "../posix/terminal_control.ts";

const ESCAPE = "\x1b";

/** What raw mode takes from the terminal's driver, which would have sent a signal for it. */
const SIGNAL_KEYS: Readonly<Record<string, NodeJS.Signals>> = {
  "\x03": "SIGINT",
  "\x1a": "SIGTSTP",
  "\x1c": "SIGQUIT",
};

/** One call a key; what the keys that stand for signals do is left to those. */
export function onKey(control: TerminalControl, run: (key: string) => void): Cancel {
  const { stdin } = process;
  const onData = (chunk: Uint8Array | string) => {
    const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    for (const key of text.startsWith(ESCAPE) ? [text] : text) {
      const signal = SIGNAL_KEYS[key];
      if (signal === undefined) run(key);
      else process.kill(process.pid, signal);
    }
  };
  const undo = stdin.isTTY ? takeKeys(control) : () => {};
  stdin.on("data", onData);
  stdin.resume();
  return () => {
    stdin.off("data", onData);
    stdin.pause();
    undo();
  };
}

/** Sets the modes for single keys, but while this process is suspended or in the background. */
function takeKeys(control: TerminalControl): Cancel {
  const { stdin } = process;
  const found = control.modes();
  const unbuffered = found === null ? null : control.unbuffered(found);
  const set = (isTaken: boolean) => {
    if (!control.isForeground()) return;
    if (found === null || unbuffered === null) stdin.setRawMode(isTaken);
    else control.setModes(isTaken ? unbuffered : found);
  };
  const take = () => set(true);
  const giveBack = () => set(false);
  take();
  // Before whoever else hears of it: the process is suspended by one of them.
  process.prependListener("SIGTSTP", giveBack);
  process.on("SIGCONT", take);
  process.once("exit", giveBack);
  return () => {
    process.off("SIGTSTP", giveBack);
    process.off("SIGCONT", take);
    process.off("exit", giveBack);
    giveBack();
  };
}
