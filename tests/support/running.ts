/** A real program under test: its lines as they come, its status, and an end with the test. */
import { waitUntil } from "./wait_until.ts";
import { within } from "./within.ts";

export const PYTHON = Deno.env.get("PYTHON") ?? "python3";

/** What the machine of whoever runs the tests may have set, and users' machines do not. */
export const AS_USERS_HAVE_IT = { PYTHONDONTWRITEBYTECODE: "" } as const;

const clients = new URL("../../clients/python/", import.meta.url).pathname;

/** What baton puts on PYTHONPATH. */
export const INJECTED = `${clients}inject`;

const fixtures = new URL("../fixtures/", import.meta.url).pathname;

export class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  readonly #errors: ReadableStreamDefaultReader<string>;
  readonly #stderr: Promise<string>;
  readonly status: Promise<Deno.CommandStatus>;
  readonly #lines: string[] = [];
  #rest = "";
  #ended = false;

  constructor(command: readonly string[], env: Record<string, string>, cwd?: string) {
    const [program, ...args] = command;
    this.#child = new Deno.Command(program!, {
      args,
      env: { ...AS_USERS_HAVE_IT, ...env },
      ...cwd === undefined ? {} : { cwd },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdout = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = this.#child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    this.#stderr = textOf(this.#errors);
    this.status = this.#child.status.finally(() => this.#ended = true);
  }

  /** A Python program of `tests/fixtures`, as baton starts it. */
  static python(fixture: string, env: Record<string, string>, ...args: string[]): Running {
    return new Running([PYTHON, `${fixtures}${fixture}.py`, ...args], {
      PYTHONPATH: INJECTED,
      ...env,
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The next line of standard output; null at its end. */
  async line({ withinMs }: { readonly withinMs?: number } = {}): Promise<string | null> {
    while (this.#lines.length === 0) {
      const { value, done } = await within("the program prints", this.#stdout.read(), withinMs);
      if (done) return null;
      const lines = (this.#rest + value).split("\n");
      this.#rest = lines.pop()!;
      this.#lines.push(...lines);
    }
    return this.#lines.shift()!;
  }

  /** Nobody reads any more what it prints, and it finds that out. */
  async closeOutput(): Promise<void> {
    await Promise.all([this.#stdout.cancel(), this.#errors.cancel()]);
  }

  /** Waits until it catches SIGTERM (Linux). */
  async catchesSigterm(): Promise<void> {
    await waitUntil("the program catches SIGTERM", async () => {
      const status = await Deno.readTextFile(`/proc/${this.pid}/status`);
      const caught = BigInt("0x" + /^SigCgt:\s*(\w+)$/m.exec(status)![1]);
      return (caught >> 14n & 1n) === 1n;
    });
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for the end: every line not read so far, standard error, and the exit status. */
  async end(): Promise<{ lines: string[]; stderr: string; code: number }> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== null; line = await this.line()) lines.push(line);
    const { code } = await within("the program ends", this.status);
    return { lines, stderr: await this.#stderr, code };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.status;
    await this.#stdout.cancel();
    await this.#stderr;
  }
}

async function textOf(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += value;
  }
}
