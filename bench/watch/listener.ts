export type Command = readonly [string, ...string[]];

/** A process of which each line is heard with its time. */
export class Listener implements AsyncDisposable {
  readonly startedAt = performance.now();
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly #lines: { readonly text: string; readonly at: number }[] = [];
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  constructor([name, ...args]: Command, options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string | undefined;
  }) {
    const { cwd, env = {}, input = "" } = options;
    this.#child = new Deno.Command(name, {
      ...{ args, cwd, env },
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    this.#child.status.then(() => {
      this.#isOver = true;
      this.#wake.resolve();
    });
    this.#reading = Promise.all([this.#read(this.#child.stdout), this.#read(this.#child.stderr)]);
    this.#feed(input);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The first line that fits and came at `since` or later, and when it came; null if `withinMs` is over. */
  async next(fits: RegExp, since: number, withinMs: number) {
    const until = performance.now() + withinMs;
    for (;;) {
      const line = this.#lines.find(({ text, at }) => at >= since && fits.test(text));
      if (line !== undefined) return line;
      if (this.#isOver || performance.now() > until) return null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((done) => timer = setTimeout(done, until - performance.now()));
      await Promise.race([this.#wake.promise, late]);
      clearTimeout(timer);
    }
  }

  /** Its last words, for the explanation of a failure. */
  get tail(): string {
    return this.#lines.slice(-10).map(({ text }) => text).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#child.kill("SIGINT");
    const timer = setTimeout(() => this.#isOver || this.#child.kill("SIGKILL"), 5_000);
    await this.#child.status;
    clearTimeout(timer);
    await this.#reading;
  }

  async #feed(text: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const at = performance.now();
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      this.#lines.push(...lines.map((text) => ({ text, at })));
      const wake = this.#wake;
      this.#wake = Promise.withResolvers();
      wake.resolve();
    }
  }
}
