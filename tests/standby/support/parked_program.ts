/** A program that is learned, parked, changed and let go; and the same, started cold. */
import { Parked } from "../../../lib/standby/parked.ts";
import type { ParkedOptions, Warmed } from "../../../lib/standby/parked_process.ts";
import { readLearned, readStartedOver } from "../../../lib/standby/learned.ts";
import type { Launch } from "../../../lib/standby/launch.ts";
import { told } from "../../../lib/standby/told.ts";
import { platform } from "../../support/platform.ts";
import { within } from "../../support/within.ts";
import { Project } from "../../e2e/baton.ts";

const on = platform();

/** What a program has written of itself; what is different says `jsonDifferences`. */
export type Seen = Readonly<Record<string, unknown>>;

/** What differs from one interpreter to another. */
export interface Language {
  /** The file of the program, with what it does before it writes what it sees. */
  readonly main: string;
  program(statements: string): string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What is there from the beginning, beside the program: `text` by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of the project that are not watched. */
  readonly others: readonly string[];
  /** The module of the hook, where an option of the command names it. */
  readonly preload?: string;
}

export interface Edit {
  /** The program before and after a save: statements that come before it writes what it sees, with `out`. */
  readonly before: string;
  readonly after?: string;
  /** Further files of the project, from the beginning and with the save. */
  readonly files?: Readonly<Record<string, string>>;
  readonly saved?: Readonly<Record<string, string>>;
  /** Which of those are told to what waits, beside the program: in Node and Python none, in others all. */
  readonly changed?: readonly string[];
  /** What is in a file that is not the project's, from the save on. */
  readonly outside?: string;
  readonly args?: readonly string[];
  /** The command, where it is another. */
  readonly command?: readonly string[];
}

export interface Outcome {
  readonly cold: Seen;
  readonly released: Seen;
  /** Why it started over; null where it did not. */
  readonly over: string | null;
  /** What cannot be done ahead. */
  readonly cut: string | null;
  /** How many modules were loaded ahead. */
  readonly modules: number;
  /** Files of the project that were not, because they do more than define. */
  readonly left: readonly string[];
}

export class ParkedProgram implements Disposable {
  readonly project: Project;
  readonly #notes = Deno.makeTempDirSync({ prefix: "baton-standby-" });
  readonly #edit: Edit;
  readonly #language: Language;
  #count = 0;

  constructor(edit: Edit, language: Language) {
    this.#edit = edit;
    this.#language = language;
    const { main, files } = language;
    this.project = new Project({
      ...files,
      [main]: language.program(edit.before),
      ...edit.files,
    });
    for (const [name, text] of Object.entries(edit.files ?? {})) {
      if (text.startsWith("#!")) Deno.chmodSync(this.project.path(name), 0o755);
    }
    Deno.writeTextFileSync(`${this.#notes}/seen-config`, "old");
  }

  /**
   * Learns the program, parks it, saves, and lets it go; then starts it cold. `left` are the files of the project that
   * are not imported ahead, from the project's folder; null: none of them is.
   */
  async run(left: readonly string[] | null = null): Promise<Outcome> {
    const learned = await this.learn();
    const files = left?.map((name) => this.project.path(name)) ?? null;
    const { parked, ...parking } = await this.park(learned, files);
    this.save();
    const { seen, over } = await this.release(parked);
    return { cold: await this.cold(), released: seen, over, ...parking };
  }

  save(): void {
    const { before, after = before, saved = {}, outside } = this.#edit;
    if (outside !== undefined) Deno.writeTextFileSync(`${this.#notes}/seen-config`, outside);
    for (const [name, text] of Object.entries(saved)) this.project.write(name, text);
    this.project.swap(this.#language.main, this.#language.program(after));
  }

  async learn() {
    const folder = this.#folder("learn");
    await this.#run(`learn:${folder}`);
    const learned = readLearned(on, folder);
    if (typeof learned === "string") throw new Error(learned);
    return learned;
  }

  /** `left` are files of the project that are not imported ahead; null: none of them is. */
  async park(
    learned: ParkedOptions["learned"],
    left: readonly string[] | null = null,
    cut = Infinity,
  ): Promise<{ parked: Parked; cut: string | null; modules: number; left: readonly string[] }> {
    const warmed = Promise.withResolvers<Warmed>();
    const parked = new Parked(on, {
      launch: this.#launch,
      address: `${this.#notes}/park-${++this.#count}`,
      mark: {},
      learned,
      left,
      cut: Math.min(cut, 1_000_000),
      learnFolder: this.#folder("over"),
      watched: {
        roots: [this.project.dir],
        others: this.#language.others.map((name) => this.project.path(name)),
      },
      deadlineMs: 20_000,
      onWarmed: warmed.resolve,
      onLost: (why) => console.error(why),
    });
    await parked.start();
    const outcome = await within("it is parked", warmed.promise, 25_000);
    if (outcome.type === "failed") throw new Error(outcome.why);
    if (outcome.type === "parked") {
      return { parked, cut: null, modules: outcome.modules, left: left ?? [] };
    }
    parked.end();
    if (outcome.type === "leave") {
      return await this.park(learned, [...left ?? [], outcome.path], cut);
    }
    if (outcome.imports >= cut) throw new Error(`It cannot be parked: ${outcome.why}`);
    return { ...await this.park(learned, left, outcome.imports), cut: outcome.why };
  }

  async release(parked: Parked): Promise<{ seen: Seen; over: string | null; code: number }> {
    this.#clear();
    const ended = Promise.withResolvers<number>();
    const onExit = (status: { kind: string; code?: number }) => ended.resolve(status.code ?? -1);
    const errors: Uint8Array[] = [];
    const listeners = { onStderr: (chunk: Uint8Array) => void errors.push(chunk), onExit };
    const { main, preload } = this.#language;
    const { saved = {}, changed: others = preload === undefined ? [] : Object.keys(saved) } = this
      .#edit;
    const changed = [main, ...others];
    parked.release(listeners, { BATON_GENERATION: "2" }, changed);
    const code = await within("it ends", ended.promise, 25_000);
    const over = readStartedOver(on, `${this.#notes}/over`)?.why ?? null;
    return { seen: this.#seen(code, errors), over, code };
  }

  cold(): Promise<Seen> {
    return this.#run(null);
  }

  async #run(how: string | null): Promise<Seen> {
    this.#clear();
    const ended = Promise.withResolvers<number>();
    const errors: Uint8Array[] = [];
    on.processes.spawn({
      ...this.#launch,
      ...how === null ? {} : told(on, this.#launch, this.#folder("told"), how),
      stderr: "pipe",
      onStderr: (chunk) => void errors.push(chunk),
      onExit: (status) => ended.resolve(status.kind === "exited" ? status.code : -1),
    });
    return this.#seen(await within("it ends", ended.promise, 25_000), errors);
  }

  get #command(): string[] {
    const { args = [], command = this.#language.command } = this.#edit;
    return [...command, ...args];
  }

  get #launch(): Launch {
    const { PATH = "", HOME = "/" } = Deno.env.toObject();
    const SEEN = `${this.#notes}/seen`;
    return {
      command: this.#command,
      cwd: this.project.dir,
      env: { PATH, HOME, ...this.#language.env, SEEN, BATON_GENERATION: "2" },
      stdin: "null",
      preload: this.#language.preload,
    };
  }

  #folder(name: string): string {
    Deno.mkdirSync(`${this.#notes}/${name}`, { recursive: true });
    return `${this.#notes}/${name}`;
  }

  #clear(): void {
    on.files.remove(`${this.#notes}/seen`);
  }

  #seen(code: number, errors: readonly Uint8Array[]): Seen {
    const path = `${this.#notes}/seen`;
    const decoder = new TextDecoder();
    const stderr = errors.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
    const seen = on.files.stat(path) === null ? { code } : JSON.parse(on.files.readText(path));
    return { ...seen, stderr };
  }

  [Symbol.dispose](): void {
    this.project[Symbol.dispose]();
    Deno.removeSync(this.#notes, { recursive: true });
  }
}
