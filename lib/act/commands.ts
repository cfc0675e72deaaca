import type { EffectOf } from "../decide/effect.ts";
import type { Event } from "../decide/event.ts";
import { messageOf } from "../errors.ts";
import type { Cancel, ExitStatus, ProcessTree } from "../platform/platform.ts";
import { cutChanged } from "../protocol/changed.ts";
import type { RunnerOptions } from "./runner_options.ts";
import { Tail } from "./tail.ts";

type CommandEvent = Event extends infer E
  ? E extends { type: "prepared" | "command failed" } ? Omit<E, "at"> : never
  : never;

/** From the signal to the kill, where a build is ended: what it has begun to write it may remove. */
const ENDING_MS = 500;
/** How often its rest is looked for then. */
const REST_MS = 10;
const CANNOT_RUN = 126;

/** The shell commands that come before a generation, one after the other. */
export class Commands {
  readonly #with: RunnerOptions;
  readonly #post: (event: CommandEvent) => void;
  #count = 0;
  #tree: ProcessTree | null = null;
  /** Those that were ended, and are not gone yet. */
  #ending: Promise<void> | null = null;

  constructor(options: RunnerOptions, post: (event: CommandEvent) => void) {
    this.#with = options;
    this.#post = post;
  }

  /** Its living processes. */
  processes(_: { readonly again: boolean }): readonly number[] {
    return this.#tree?.alive() ?? [];
  }

  /** Runs the commands, in order, until one fails; begins when what was ended before is gone. */
  async start(effect: EffectOf<"prepare">): Promise<void> {
    const { ladder } = this.#with;
    const count = ++this.#count;
    const isOver = () => count !== this.#count;
    await this.#ending;
    await this.#pause(ladder.outputs.waitMs);
    if (isOver()) return;
    ladder.preparing(effect.generation);
    let failed: Omit<Extract<CommandEvent, { type: "command failed" }>, "type"> | null = null;
    for (const command of effect.commands) {
      const tail = new Tail();
      const status = await this.#run(command, effect, tail);
      if (isOver()) return;
      if (status.code !== 0) failed = { command, status, lines: tail.lines() };
      if (failed !== null) break;
    }
    await ladder.sync(); // What it has written is to be known, and no news.
    if (isOver()) return;
    if (failed === null) ladder.prepared();
    else ladder.notPrepared(effect.generation);
    this.#post(failed === null ? { type: "prepared" } : { type: "command failed", ...failed });
  }

  /** Ends the command that runs, with its whole tree; calls `then` when nothing is left of it. */
  close(then: () => void = () => {}): void {
    this.#count += 1;
    this.#with.ladder.outputs.cut();
    const tree = this.#tree;
    if (tree !== null) {
      this.#tree = null;
      tree.alive();
      tree.signalGroup("SIGTERM");
      tree.signalStrays("SIGTERM");
      const ending = this.#gone(tree).then(() => {
        if (this.#ending === ending) this.#ending = null;
      });
      this.#ending = ending;
    }
    if (this.#ending === null) then();
    else this.#ending.then(then);
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => this.#with.platform.clock.after(ms, resolve));
  }

  #gone(tree: ProcessTree): Promise<void> {
    const { clock } = this.#with.platform;
    const killAt = clock.now() + ENDING_MS;
    return new Promise((resolve) => {
      const look = (): Cancel | void => {
        if (tree.alive().length === 0) return resolve();
        if (clock.now() >= killAt) tree.kill();
        clock.after(REST_MS, look);
      };
      look();
    });
  }

  #run(command: string, effect: EffectOf<"prepare">, tail: Tail): Promise<ExitStatus> {
    const { platform, settings: { cwd }, env, envFiles, mark, output } = this.#with;
    const own = { ...mark, BATON_COMMAND: String(this.#count) };
    const lines = new LineSplitter((line) => this.#with.onFact({ type: "command output", line }));
    return new Promise((resolve) => {
      const done = (status: ExitStatus) => {
        this.#tree = null;
        lines.end();
        resolve(status);
      };
      try {
        const { pid } = platform.processes.spawn({
          command: ["sh", "-c", `exec >&2\n${command}`],
          cwd,
          env: {
            ...envFiles?.(),
            ...env,
            ...own,
            BATON_CHANGED: cutChanged(effect.changed).join("\n"),
          },
          mark: own,
          stdin: "null",
          stderr: "pipe",
          onStderr: (chunk) => {
            tail.push(chunk);
            lines.push(chunk);
            output?.write(chunk);
          },
          onExit: done,
        });
        this.#tree = platform.processes.tree(pid, own);
      } catch (error) {
        tail.push(new TextEncoder().encode(messageOf(error)));
        done({ kind: "exited", code: CANNOT_RUN });
      }
    });
  }
}

/** Cuts what comes in pieces into lines. */
class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.#onLine(line);
  }

  end(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }
}
