/** A command in a terminal of its own, with someone typing at it. */
import { PYTHON } from "./running.ts";
import { waitUntil } from "./wait_until.ts";

const driver = new URL("./in_terminal.py", import.meta.url).pathname;

export interface TerminalEnd {
  readonly code: number;
  /** Whether the terminal was left in the modes it was found in; null where it was closed. */
  readonly restored: boolean | null;
}

export class Terminal implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<unknown>;
  #told = "";
  #asked = 0;
  /** Everything shown so far. */
  shown = "";

  constructor(command: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.#child = new Deno.Command(PYTHON, {
      args: [driver, ...command],
      cwd,
      env: { NO_COLOR: "1", TERM: "xterm", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#orders = this.#child.stdin.getWriter();
    this.#reading = Promise.all([
      read(this.#child.stdout, (text) => this.shown += text),
      read(this.#child.stderr, (text) => this.#told += text),
    ]);
  }

  /** The process of the command. */
  async pid(): Promise<number> {
    const told = await waitUntil("the terminal is open", () => /"pid": (\d+)/.exec(this.#told));
    return Number(told[1]);
  }

  /** Types the text; `\x03` is Ctrl-C. */
  type(text: string): Promise<void> {
    return this.#order({ type: text });
  }

  resize(columns: number): Promise<void> {
    return this.#order({ columns });
  }

  /** Whether the terminal shows what is typed. */
  async echoes(): Promise<boolean> {
    const order = this.#asked += 1;
    await this.#order({ echoes: order });
    const answer = new RegExp(`"echoes": (true|false), "order": ${order}}`);
    return (await waitUntil("the terminal answers", () => answer.exec(this.#told)))[1] === "true";
  }

  /** Closes the window. */
  close(): Promise<void> {
    return this.#order({ close: true });
  }

  /** Waits until this text is shown, after what was shown at `since`. */
  async shows(text: string, since = 0): Promise<void> {
    await waitUntil(`it shows "${text}"`, (saw) => saw(this.shown).includes(text, since), {
      withinMs: 15_000,
    });
  }

  /** Waits for the end of the command. */
  async end(): Promise<TerminalEnd> {
    const told = await waitUntil(
      "the command ends",
      (saw) => /^\{"code".*\}$/m.exec(saw(this.#told + this.shown) && this.#told),
      { withinMs: 15_000 },
    );
    return JSON.parse(told[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pid = /"pid": (\d+)/.exec(this.#told)?.[1];
    if (pid !== undefined && !this.#told.includes('"code"')) Deno.kill(Number(pid), "SIGKILL");
    await this.#child.status;
    await this.#reading;
    await Promise.allSettled([this.#orders.close()]); // its reader may be gone
  }

  #order(order: Record<string, unknown>): Promise<void> {
    return this.#orders.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`));
  }
}

async function read(stream: ReadableStream<Uint8Array>, take: (text: string) => void) {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
}
