/** One program under one tool: started, saved again and again, and ended. */
import { pause } from "../../tests/support/pause.ts";
import { type Answer, ask } from "../handoff/asker.ts";
import { type Program, Workplace } from "./programs.ts";

const PATIENCE_MS = 60_000;
const EVERY_MS = 3;
/** So that what a tool does after a restart is not measured with the next. */
const REST_MS = 500;

export interface Tool {
  readonly name: string;
  /** It parks a process, which is waited for. */
  readonly parks: boolean;
  command(command: readonly string[], options: readonly string[]): readonly string[];
}

/** What one save came to. */
export interface Sample {
  /** From the save to the first answer of the new version, in milliseconds. */
  readonly newMs: number;
  /** The same from when it was let go, or spawned where it starts cold; `NaN` where that is not told. */
  readonly startMs: number;
  /** From the last answer of the old version to the first of the new one, in milliseconds. */
  readonly darkMs: number;
  /** Processor time of the process that answers: since it was let go where it was parked, in milliseconds. */
  readonly cpuMs: number;
  /** Why it started cold, where it was to come from standby. */
  readonly cold: string | null;
}

/** What baton says of a process that it has parked. */
export interface ParkedNews {
  readonly modules: number;
  readonly tookMs: number;
  readonly bytes: number;
  readonly cut: string | null;
  readonly liveBytes: number;
}

// deno-lint-ignore no-explicit-any
type Line = { readonly type: string } & Record<string, any>;

export class Entrant implements AsyncDisposable {
  readonly #work: Workplace;
  readonly #port: number;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  readonly #lines: Line[] = [];
  readonly #others: string[] = [];
  readonly samples: Sample[] = [];
  parked: ParkedNews | null = null;
  #isOver = false;

  constructor(readonly tool: Tool, program: Program, port: number, packages: string) {
    this.#port = port;
    this.#work = new Workplace(program);
    const options = program.isProxied === true ? ["--proxy", `${port}`] : [];
    const [name, ...args] = tool.command(program.command(port), options);
    this.#process = new Deno.Command(name!, {
      args,
      cwd: this.#work.dir,
      env: {
        PORT: `${port}`,
        NO_COLOR: "1",
        PYTHONDONTWRITEBYTECODE: "",
        PYTHONPATH: [this.#work.packages, packages].filter((path) => path !== "").join(":"),
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#process.status.then(() => this.#isOver = true);
    this.#reading = this.#read();
  }

  async warmUp(): Promise<void> {
    await this.#answers(1);
    await pause(1_500);
    for (let turn = 0; turn < 2; turn++) await this.save({ counts: false });
  }

  /** Saves once, `afterMs` after the last answer or once a process is parked, and measures. */
  async save(
    { afterMs, counts = true }: { afterMs?: number; counts?: boolean } = {},
  ): Promise<void> {
    if (afterMs !== undefined) await pause(afterMs);
    else {
      if (this.tool.parks) await this.#isParked();
      await pause(REST_MS);
    }
    const before = this.#cpuOfAll();
    const old = await this.#answers(this.#work.version);
    const from = this.#lines.length;
    const savedAt = performance.now();
    this.#work.save();
    let lastAt = old.at;
    const answer = await this.#answers(this.#work.version, (other) => lastAt = other.at);
    const cpuMs = (cpuOf(answer.pid) - (before.get(answer.pid) ?? 0)) / 1e6;
    const ready = this.tool.name.startsWith("baton")
      ? await this.#line((line) => line.type === "ready", from)
      : null;
    const cold = ready?.standby?.type === "cold" && ready.mode !== "built"
      ? ready.standby.why
      : null;
    if (!counts) return;
    const newMs = answer.at - savedAt;
    const beforeMs = ready === null ? NaN : ready.marks.spawned - ready.marks.changed;
    const [startMs, darkMs] = [newMs - beforeMs, answer.at - lastAt];
    this.samples.push({ newMs, startMs, darkMs, cpuMs, cold });
  }

  /** Waits until the next one is parked. */
  async #isParked(): Promise<void> {
    const ready = this.#lines.findLastIndex(({ type }) => type === "ready");
    const { news } = await this.#line(
      ({ type, news }) => type === "standby" && news.type === "parked",
      ready,
    );
    const live = await ask(this.#port);
    this.parked = { ...news, liveBytes: live === null ? 0 : ownBytes(live.pid) };
  }

  /** Processor time of what runs in this project, by process. */
  #cpuOfAll(): Map<number, number> {
    const pids = [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
      try {
        return Deno.readLinkSync(`/proc/${pid}/cwd`) === this.#work.dir;
      } catch {
        return false; // it is over, or none of ours
      }
    });
    return new Map(pids.map((pid) => [pid, cpuOf(pid)]));
  }

  async #answers(version: number, onOther = (_: Answer) => {}): Promise<Answer> {
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() < until) {
      const answer = await ask(this.#port);
      if (answer?.version === version) return answer;
      if (answer !== null) onOther(answer);
      await pause(EVERY_MS);
    }
    throw this.#late(`version ${version} answers`);
  }

  async #line(fits: (line: Line) => boolean, from: number): Promise<Line> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#lines.slice(from).find(fits);
      if (found !== undefined) return found;
      if (performance.now() > until) throw this.#late("baton says so");
      await pause(2);
    }
  }

  #late(what: string): Error {
    const said = this.#lines.map((line) => JSON.stringify(line)).slice(-20);
    return new Error(
      `${this.tool.name}: in vain: ${what}\n${[...said, ...this.#others.slice(-20)].join("\n")}`,
    );
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stderr.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('{"baton"')) this.#lines.push(JSON.parse(line));
        else this.#others.push(line);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const last = await ask(this.#port);
    if (!this.#isOver) this.#process.kill("SIGINT");
    await this.#process.status;
    await this.#reading;
    if (last !== null && await ask(this.#port) !== null) Deno.kill(last.pid, "SIGKILL");
    this.#work[Symbol.dispose]();
  }
}

/** Processor time of a process so far, in nanoseconds. */
function cpuOf(pid: number): number {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].reduce((sum, { name }) => {
      return sum +
        Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]);
    }, 0);
  } catch {
    return 0; // it is over
  }
}

/** What a process has in memory for itself alone. */
export function ownBytes(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
  return [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)]
    .reduce((sum, [, kib]) => sum + Number(kib) * 1_024, 0);
}
