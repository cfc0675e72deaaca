import type { Cancel, Terminal } from "../../lib/platform/platform.ts";

/** A terminal that keeps what is written, and whose keys a test presses. */
export class FakeTerminal implements Terminal {
  stdinIsTerminal = false;
  stdoutIsTerminal = false;
  stderrIsTerminal = false;
  inForeground = true;
  out = "";
  err = "";
  readonly #listeners = new Set<(key: string) => void>();

  writeOut(text: string): void {
    this.out += text;
  }

  writeErr(text: string | Uint8Array): void {
    this.err += typeof text === "string" ? text : new TextDecoder().decode(text);
  }

  onKey(run: (key: string) => void): Cancel {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  isForeground(): boolean {
    return this.inForeground;
  }

  keepModes(): Cancel {
    return () => {};
  }

  press(key: string): void {
    for (const run of [...this.#listeners]) run(key);
  }
}
