/**
 * # Theory of operation
 *
 * Events only say "look"; the truth is the content. `sources/` bring events: from the system, from Watchman
 * (`watchman/`), and by polling where none arrive. `ignore/` says which files count. `settle.ts` debounces: it says
 * when to scan and when to emit. `index/` crawls the folders, keeps a fingerprint of each file, and, by baselines,
 * a snapshot of what each generation was started from. `symlinks/` knows where links lead, `git/` when git is at work.
 * `engine.ts` brings all of it together, and is loaded once the program runs.
 *
 * A folder is watched first and read then, so whatever happens is either read or has an event. Systems keep
 * some events to themselves (of links, of what comes and goes at once), so before a batch is called settled
 * every folder that had entries come or go since it was listed is listed again. The program
 * is started before anything is crawled: a file with a change time after that start counts as changed.
 * Reading the files that have not changed comes last, in the background; until then a file that is touched
 * counts as changed, since nobody knows what was in it.
 */
import type { DirectFiles, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { WatchEvent } from "./change.ts";
import type { Engine } from "./engine.ts";
import { Baselines } from "./index/baselines.ts";
import { TreeIds } from "./index/tree_ids.ts";
import { Marks } from "./marks.ts";
import { namesOf } from "./names.ts";
import type { ProgramProcesses } from "./outputs/program_outputs.ts";
import { resolveRoots, type Root } from "./roots.ts";
import type { WatchedFolders } from "./watched_folders.ts";

export type WatchSettings = Pick<
  Settings,
  | ("cwd" | "watch" | "ext" | "ignore" | "gitignore" | "settleMs" | "maxWaitMs" | "pollMs")
  | ("source" | "stateDir" | "rules")
>;

/** Watches what the settings name, and says what changed. */
export class Watch {
  readonly #platform: Platform & { readonly files: DirectFiles };
  readonly #settings: WatchSettings;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #processes: ProgramProcesses;
  readonly #baselines = new Baselines<number | string>((path) => this.trees.content(path));
  readonly #roots: readonly Root[];
  readonly folders: WatchedFolders;
  readonly marks: Marks;
  /** Names for the content of all files. */
  readonly trees: TreeIds;
  /** Null until the program has been started: to load it takes longer than that is to wait. */
  #engine: Engine | null = null;
  /** The newest generation that was started before. */
  #started = 0;
  #isPaused = false;
  readonly #crawled = Promise.withResolvers<void>();
  #isClosed = false;

  /** `processes` are those of the program: what they write is left out. */
  constructor(
    on: Platform,
    settings: WatchSettings,
    onEvent: (event: WatchEvent) => void,
    processes: ProgramProcesses = () => [],
  ) {
    const platform = { ...on, files: on.files.direct() };
    this.#platform = platform;
    this.#settings = settings;
    this.#onEvent = onEvent;
    this.#processes = processes;
    this.#roots = resolveRoots(platform, settings);
    this.marks = new Marks(settings.cwd, this.#baselines);
    this.trees = new TreeIds(platform, settings.cwd, () => this.#engine?.index, this.#baselines);
    this.folders = {
      roots: this.#roots.map(({ path }) => path),
      covers: (folder) => this.#engine?.index.folder(folder) !== undefined,
    };
  }

  /**
   * Starts watching; call it right after generation 1 was spawned. Emits `armed` once every change has an
   * event, and resolves later, when every file has been read once.
   *
   * `sinceCtimeMs` is the change time of a file written just before that spawn, by the clock of the file
   * system: what has changed since then counts as changed.
   */
  async arm(sinceCtimeMs: number): Promise<void> {
    const { Engine } = await import("./engine.ts");
    if (this.#isClosed) return;
    const engine = this.#engine = new Engine({
      platform: this.#platform,
      settings: this.#settings,
      roots: this.#roots,
      baselines: this.#baselines,
      processes: this.#processes,
      onEvent: this.#onEvent,
    });
    engine.started(this.#started);
    if (this.#isPaused) engine.pause();
    await engine.arm(sinceCtimeMs, this.trees, this.#crawled.resolve);
  }

  /** What is known now is what this generation is started from, or what another name stands for. */
  mark(name: number | string): void {
    if (typeof name === "number") {
      this.#started = Math.max(this.#started, name);
      this.#engine?.started(name);
    }
    this.#baselines.take(name);
  }

  forget(name: number | string): void {
    this.#baselines.forget(name);
  }

  /** Sorted paths, relative to the working directory, that hold something else than when it was marked. */
  differences(name: number | string): string[] {
    return namesOf(this.#settings.cwd, this.#baselines.difference(name).paths);
  }

  /** Whether all files held the same when the two were marked. */
  areSame(one: number | string, other: number | string): boolean {
    return this.#baselines.areSame(one, other);
  }

  /** Resolves once whatever has happened to the files so far is known. */
  async sync(): Promise<void> {
    await this.#crawled.promise; // What was there before is known by then, and what has changed since the start.
    await this.#engine?.sync();
  }

  /** As `sync`, but without a look through what the system tells nothing of; at once where nothing is watched yet. */
  async heard(): Promise<void> {
    await this.#engine?.heard();
  }

  /** Whether a file was written since it was marked, and holds again what it held then. */
  isStale(generation: number): boolean {
    return this.#baselines.difference(generation).rewritten;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Goes on looking, but emits no `changed` and `settled` until `resume`. */
  readonly pause = (): void => {
    this.#isPaused = true;
    this.#engine?.pause();
  };

  readonly resume = (): void => {
    this.#isPaused = false;
    this.#engine?.resume();
  };

  /** Whoever writes is done: what is known by now is not waited with for more. */
  complete(): void {
    this.#engine?.complete();
  }

  /** Resolves when the system has let go of the folders. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#crawled.resolve();
    await this.#engine?.close();
  }
}
