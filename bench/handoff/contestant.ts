/** One tool with one program: started, saved again and again, and ended. */
import { type Answer, ask, Asker, type Turnover } from "./asker.ts";
import { environment, type Program, Workplace } from "./programs.ts";
import type { Tool } from "./tools.ts";

const PATIENCE_MS = 15_000;
/** So that what a tool does after a restart is not measured with the next. */
const REST_MS = 250;
const STOP_MS = 5_000;

/** What one save came to, in milliseconds. */
export interface Sample {
  /** From the save to the first answer of the new version. */
  readonly newMs: number;
  /** From the last answer of the old version to the first of the new one. */
  readonly darkMs: number;
  readonly refused: number;
  readonly cut: number;
  /** From the save until baton says that it has spawned the next generation. */
  readonly spawnedMs?: number;
  /** What baton says of it. */
  readonly timings?: Readonly<Record<string, number>>;
}

interface LogEvent {
  readonly type: string;
  readonly generation: number;
  readonly mode: string;
  readonly timings: Record<string, number>;
  readonly heardAt: number;
}

export class Contestant implements AsyncDisposable {
  readonly #work: Workplace;
  readonly #process: Deno.ChildProcess;
  readonly #port: number;
  readonly #events: LogEvent[] = [];
  readonly #reading: Promise<void>;
  readonly #others: string[] = [];
  #isOver = false;
  readonly samples: Sample[] = [];

  constructor(
    readonly tool: Tool,
    program: Program,
    importMs: number,
    port: number,
    client: string,
  ) {
    this.#port = port;
    this.#work = new Workplace(program, client);
    const [name, ...args] = tool.command(program);
    this.#process = new Deno.Command(name, {
      args,
      cwd: this.#work.dir,
      env: environment({ port, importMs, alone: tool.mode === null }),
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#process.status.then(() => this.#isOver = true);
    this.#reading = this.#read();
    this.#feed(tool.input(program));
  }

  /** Waits for the first version and, by saves that do not count, until the tool notices them. */
  async warmUp(): Promise<void> {
    await this.#until(`${this.tool.name} runs the program`, (answer) => answer.version === 1, 50);
    for (let attempt = 0; attempt < 10; attempt++) {
      await rest(1_000);
      this.#work.save();
      const { version } = this.#work;
      const until = performance.now() + 2_500;
      while (performance.now() < until) {
        if ((await ask(this.#port))?.version === version) return await rest(REST_MS);
        await rest(20);
      }
    }
    throw new Error(`${this.tool.name} does not notice a save:\n${this.#others.join("\n")}`);
  }

  /** Saves once, and measures. */
  async save(): Promise<void> {
    {
      await using asker = new Asker(this.#port);
      await this.#within("the old version answers", asker.steady());
      const savedAt = performance.now();
      this.#work.save();
      const turnover = await this.#within("the new version answers", asker.turnover());
      this.samples.push(await this.#sample(turnover, savedAt));
    }
    await rest(REST_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill("SIGINT");
    const timer = setTimeout(() => this.#kill("SIGKILL"), STOP_MS);
    await this.#process.status;
    clearTimeout(timer);
    const left = await ask(this.#port);
    if (left !== null) Deno.kill(left.pid, "SIGKILL");
    await this.#reading;
    this.#work[Symbol.dispose]();
  }

  async #sample(turnover: Turnover, savedAt: number): Promise<Sample> {
    const { firstAt, lastAt, refused, cut } = turnover;
    const sample = { newMs: firstAt - savedAt, darkMs: firstAt - lastAt, refused, cut };
    if (this.tool.mode === null) return sample;
    const since = (type: string) =>
      this.#events.find((event) => event.type === type && event.heardAt > savedAt);
    await this.#eventually("baton says so", () => since("ready") !== undefined);
    const [started, ready] = [since("started")!, since("ready")!];
    if (ready.mode !== this.tool.mode) throw new Error(`${ready.mode}, not ${this.tool.mode}`);
    return { ...sample, spawnedMs: started.heardAt - savedAt, timings: ready.timings };
  }

  async #until(what: string, fits: (answer: Answer) => boolean, everyMs: number): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() < until) {
      const answer = await ask(this.#port);
      if (answer !== null && fits(answer)) return;
      await rest(everyMs);
    }
    throw this.#late(what);
  }

  async #eventually(what: string, isSo: () => boolean): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > until) throw this.#late(what);
      await rest(1);
    }
  }

  async #within<T>(what: string, work: Promise<T>): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#late(what)), PATIENCE_MS);
    return await Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  #late(what: string): Error {
    return new Error(
      `${this.tool.name}: not in ${PATIENCE_MS} ms: ${what}\n${this.#others.join("\n")}`,
    );
  }

  async #feed(text: string): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stderr.pipeThrough(new TextDecoderStream())) {
      const heardAt = performance.now();
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('{"baton"')) this.#events.push({ ...JSON.parse(line), heardAt });
        else this.#others.push(line);
      }
    }
  }

  #kill(signal: Deno.Signal): void {
    if (!this.#isOver) this.#process.kill(signal);
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
