/** A real baton over a real project: its events as they come, and an end with the test. */
import { AS_USERS_HAVE_IT } from "../support/running.ts";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import { say } from "./say.ts";
import { killProcessesIn } from "../support/processes_in.ts";
import { waitUntil } from "../support/wait_until.ts";

const root = new URL("../../", import.meta.url).pathname;
const REGISTRY = Deno.env.get("BATON_REGISTRY_FLAGS")?.split(" ") ?? offlineFlags();

/** The command that runs baton: from source, or what `BATON` names (a compiled or bundled one). */
export const BATON: readonly string[] = Deno.env.get("BATON")?.split(" ") ??
  [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...REGISTRY, `${root}cli.ts`];

/** The flags these tests themselves were started with, so that baton finds the same packages. */
function offlineFlags(): string[] {
  const resolved = import.meta.resolve("@std/assert");
  return resolved.startsWith("jsr:") ? [] : [`--import-map=${root}tools/offline/import_map.json`];
}

// deno-lint-ignore no-explicit-any
export type LogEvent = { readonly type: string } & Record<string, any>;

export interface BatonOptions {
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** `text`: what people read is in `others`, and there are no events. */
  readonly log?: "json" | "text";
  /** A command that runs the command it is given, and so baton. */
  readonly below?: readonly string[];
}

/** A folder with files, removed with the test. */
export class Project implements Disposable {
  readonly dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-project-" }));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return `${this.dir}/${name}`;
  }

  write(name: string, text: string): void {
    const path = this.path(name);
    ensureDirSync(dirname(path));
    Deno.writeTextFileSync(path, text);
  }

  /** Writes it elsewhere and moves it into place: whoever reads it finds the old text or the new. */
  swap(name: string, text: string): void {
    const beside = `${this.dir}.new`;
    Deno.writeTextFileSync(beside, text);
    Deno.renameSync(beside, this.path(name));
  }

  read(name: string): string {
    return Deno.readTextFileSync(this.path(name));
  }

  /** Writes the file with one piece of text in place of another, which must be there. */
  replace(name: string, from: string | RegExp, to: string): void {
    const text = this.read(name);
    const next = text.replace(from, to);
    if (next === text) throw new Error(`${name} has nothing like ${from}`);
    this.write(name, next);
  }

  [Symbol.dispose](): void {
    killProcessesIn(this.dir);
    Deno.removeSync(this.dir, { recursive: true });
  }
}

export class Baton implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  readonly events: LogEvent[] = [];
  /** What is on standard error and not an event of baton's. */
  readonly others: string[] = [];
  stdout = "";
  readonly status: Promise<Deno.CommandStatus>;
  #ended = false;

  constructor(
    project: Project,
    command: readonly string[],
    { args = [], env = {}, log = "json", below = [] }: BatonOptions = {},
  ) {
    const [program, ...rest] = [...below, ...BATON];
    this.#child = new Deno.Command(program!, {
      args: [...rest, "--log", log, ...log === "json" ? ["-v"] : [], ...args, "--", ...command],
      cwd: project.dir,
      env: { ...AS_USERS_HAVE_IT, NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reading = Promise.all([
      lines(this.#child.stderr, (line) => this.#hear(line)),
      lines(this.#child.stdout, (line) => this.stdout += `${line}\n`),
    ]);
    this.status = this.#child.status.finally(() => this.#ended = true);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for an event that fits, among those so far and those to come. */
  async event(
    type: string,
    fits: (event: LogEvent) => boolean = () => true,
    { withinMs = 15_000 }: { withinMs?: number } = {},
  ): Promise<LogEvent> {
    try {
      return await waitUntil(
        `event ${type}`,
        () => this.events.find((event) => event.type === type && fits(event)),
        { withinMs },
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.transcript()}`);
    }
  }

  /** Waits for text among what is on standard error and not an event, each line ending in a line end. */
  async text(fits: RegExp | string): Promise<void> {
    const said = () => this.others.map((line) => `${line}\n`).join("");
    const probe = typeof fits === "string" ? () => said().includes(fits) : () => fits.test(said());
    try {
      await waitUntil(`the text ${fits}`, probe, { withinMs: 8_000 });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.transcript()}`);
    }
  }

  /** Waits for a line on the program's standard output. */
  async prints(line: string): Promise<void> {
    await this.line(new RegExp(`^${RegExp.escape(line)}$`, "m"));
  }

  /** Waits for something on the program's standard output. */
  async line(fits: RegExp): Promise<void> {
    try {
      await waitUntil(`it prints ${fits}`, () => fits.test(this.stdout), { withinMs: 8_000 });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.transcript()}`);
    }
  }

  /** Waits until a generation serves and the files are watched. */
  async up(generation = 1): Promise<LogEvent> {
    await this.event("armed");
    return await this.event("ready", (event) => event.generation === generation);
  }

  /** Waits until every file was read, so that a state is marked with the tree that it was saved under. */
  async trees(): Promise<void> {
    const { cwd } = await this.event("hello");
    await waitUntil(
      "all files are counted",
      async () => JSON.parse((await say(cwd, "status", "--json")).stdout || "{}").tree ?? null,
    );
  }

  /** How many events of a type there were. */
  count(type: string): number {
    return this.events.filter((event) => event.type === type).length;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Asks it to stop, and waits for its end. */
  async stop(signal: Deno.Signal = "SIGINT"): Promise<number> {
    this.kill(signal);
    return await this.end();
  }

  /** Waits for its end by itself. */
  async end(withinMs = 20_000): Promise<number> {
    try {
      await waitUntil("baton ends", () => this.#ended, { withinMs });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.transcript()}`);
    }
    await this.#reading;
    return (await this.status).code;
  }

  transcript(): string {
    const events = this.events.map((event) => JSON.stringify(event));
    return [...events, "--- others", ...this.others, "--- stdout", this.stdout].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) {
      this.kill("SIGINT");
      const timer = setTimeout(() => this.kill("SIGKILL"), 5_000);
      await this.status;
      clearTimeout(timer);
    }
    await this.#reading;
  }

  #hear(line: string): void {
    const event = line.startsWith('{"baton"') ? JSON.parse(line) : null;
    if (event === null) this.others.push(line);
    else this.events.push(event);
  }
}

async function lines(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    parts.forEach(take);
  }
  if (rest !== "") take(rest);
}
