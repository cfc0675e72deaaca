/** A program under one tool, and what becomes of it. */
import { freePort } from "../../tests/support/free_port.ts";
import { pause } from "../../tests/support/pause.ts";
import { waitUntil } from "../../tests/support/wait_until.ts";
import type { Tool } from "./tools.ts";

const root = new URL("../../", import.meta.url).pathname;
const PROGRAM = `${root}bench/programs/notes_its_starts`;
/** After this nothing more comes of a save. */
const QUIET_MS = 1_500;

const ANSWERED_MS = 2_000;

export interface Answer {
  readonly version: number;
  readonly count: number;
}

export class Trial implements AsyncDisposable {
  readonly #file: string;
  readonly #dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-peers-" }));
  readonly #notes = Deno.makeTempFileSync({ prefix: "baton-peers-starts-" });
  readonly #port = freePort();
  readonly #mark = String(100_000 + this.#port);
  readonly #text: string;
  readonly #tool: Deno.ChildProcess;

  constructor({ command: [program, ...args], takesPart, file }: Tool, { children = false } = {}) {
    this.#file = file;
    this.#text = Deno.readTextFileSync(`${PROGRAM}${file.slice(file.lastIndexOf("."))}`);
    this.write(this.version(1));
    const port = String(this.#port);
    const env: Record<string, string> = { PORT: port, UVICORN_PORT: port, STARTS: this.#notes };
    if (takesPart) env.CLIENT = `file://${root}lib/client/mod.ts`;
    if (children) env.MARK = this.#mark;
    this.#tool = new Deno.Command(program, {
      args,
      cwd: this.#dir,
      env,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Waits until it serves, and gives the tool the time to be armed. */
  async begin(): Promise<void> {
    const input = this.#tool.stdin.getWriter();
    await input.write(new TextEncoder().encode(`${this.#file}\n`));
    await input.close();
    await this.serves(1);
    await this.quiet();
  }

  version(number: number): string {
    return this.#text.replace("VERSION = 1", `VERSION = ${number}`);
  }

  write(text: string): void {
    Deno.writeTextFileSync(`${this.#dir}/${this.#file}`, text);
  }

  touch(): void {
    Deno.utimeSync(`${this.#dir}/${this.#file}`, new Date(), new Date());
  }

  /** Null where nobody answers, or not for long: a tool may hold the socket, and nobody listen. */
  async ask(): Promise<Answer | null> {
    try {
      const signal = AbortSignal.timeout(ANSWERED_MS);
      return await (await fetch(`http://127.0.0.1:${this.#port}/`, { signal })).json();
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return null;
      throw error;
    }
  }

  async serves(version: number): Promise<Answer> {
    return await waitUntil(`version ${version} answers`, async (saw) => {
      const answer = saw(await this.ask());
      return answer?.version === version && answer;
    }, { withinMs: 15_000 });
  }

  /** How often it was started so far. */
  get starts(): number {
    return this.#pids().length;
  }

  async quiet(): Promise<void> {
    await pause(QUIET_MS);
  }

  /** Process ids of what its generations have started. */
  processes(kind: "child" | "daemon"): number[] {
    return pidsOf(`sleep ${kind === "child" ? 1000 : 2000}.${this.#mark}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tool.kill("SIGTERM");
    const late = setTimeout(() => this.#tool.kill("SIGKILL"), 3_000);
    await this.#tool.status;
    clearTimeout(late);
    const started = this.#pids();
    const left = [
      ...this.processes("child"),
      ...this.processes("daemon"),
      ...pidsOf(this.#file).filter((pid) => started.includes(pid)),
    ];
    for (const pid of left) Deno.kill(pid, "SIGKILL");
    Deno.removeSync(this.#dir, { recursive: true });
    Deno.removeSync(this.#notes);
  }

  /** Of each start. */
  #pids(): number[] {
    return Deno.readTextFileSync(this.#notes).split("\n").slice(0, -1).map(Number);
  }
}

/** The processes whose command ends so. */
function pidsOf(end: string): number[] {
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "pid=,args="] }).outputSync();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) => line.endsWith(` ${end}`)).map((line) => parseInt(line));
}
