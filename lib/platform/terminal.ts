import type { Cancel } from "./platform.ts";

/** What the system tells baton by a signal. */
export type HandledSignal =
  | ("SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2")
  | ("SIGWINCH" | "SIGTSTP" | "SIGCONT" | "SIGXFSZ");

/** What the terminal would tell the program, were it not in a session of its own. */
export type TerminalSignal = "SIGWINCH" | "SIGSTOP" | "SIGCONT";

export interface Terminal {
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  writeOut(text: string): void;
  /** Text is baton's own, in whole lines; bytes are a program's, whose open line is ended before text. */
  writeErr(text: string | Uint8Array): void;
  /** One call a key, unbuffered, until cancelled; the terminal is left as it was found. */
  onKey(run: (key: string) => void): Cancel;
  /** Whether the terminal on standard input is baton's; true where there is none, or nobody can tell. */
  isForeground(): boolean;
  /** Remembers the terminal's modes; what is returned sets them again where they have changed. */
  keepModes(): Cancel;
}
