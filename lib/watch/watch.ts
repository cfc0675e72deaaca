/**
 * # Theory of operation
 *
 * Events only say "look"; the truth is the content. `sources/` bring events: from the system, from Watchman
 * (`watchman/`), and by polling where none arrive. `ignore/` says which files count. `settle.ts` debounces: it says
 * when to scan and when to emit. `index/` crawls the folders, keeps a fingerprint of each file, and, by baselines,
 * a snapshot of what each generation was started from. `symlinks/` knows where links lead, `git/` when git is at work.
 *
 * A folder is watched first and read then, so whatever happens is either read or has an event. Systems keep
 * some events to themselves (of links, of what comes and goes at once), so before a batch is called settled
 * every folder that had entries come or go since it was listed is listed again. The program
 * is started before anything is crawled: a file with a change time after that start counts as changed.
 * Reading the files that have not changed comes last, in the background; until then a file that is touched
 * counts as changed, since nobody knows what was in it.
 */
import type { Explanation } from "../errors.ts";
import type { DirectFiles, Platform, PlatformError } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { WatchEvent } from "./change.ts";
import { ChangeEmitter, namesOf } from "./change_emitter.ts";
import { EventIntake, EVERYTHING } from "./sources/event_intake.ts";
import { EventSources } from "./sources/event_sources.ts";
import { Filter } from "./ignore/filter.ts";
import { TIME_STEP_MS } from "./index/fingerprints.ts";
import { GitWait } from "./git/git_wait.ts";
import { parentOf } from "../paths/path.ts";
import { Baselines, type Difference } from "./index/baselines.ts";
import { OutputNames } from "./outputs/output_names.ts";
import { ProgramOutputs, type ProgramProcesses } from "./outputs/program_outputs.ts";
import { Marks } from "./marks.ts";
import { TreeIds } from "./index/tree_ids.ts";
import { Unreadable } from "./index/unreadable.ts";
import { missing, resolveRoots, type Root } from "./roots.ts";
import { type Batch, Settle } from "./settle.ts";
import { inSlices } from "./slices.ts";
import { Tree } from "./tree.ts";
import { type WatchedFolders, watchedFolders } from "./watched_folders.ts";

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
  readonly #baselines = new Baselines<number | string>((path) => this.#tree.index.content(path));
  readonly #roots: readonly Root[];
  readonly #tree: Tree;
  readonly #sources: EventSources;
  readonly #settle: Settle<Difference>;
  readonly #git: GitWait;
  readonly #unreadable: Unreadable;
  readonly #intake: EventIntake;
  readonly #emitter: ChangeEmitter;
  readonly #outputNames: OutputNames;
  readonly folders: WatchedFolders;
  readonly marks: Marks;
  /** Names for the content of all files. */
  readonly trees: TreeIds;
  #isCrawled = false;
  readonly #crawled = Promise.withResolvers<void>();
  #isClosed = false;
  readonly #isOver = (): boolean => this.#isClosed;

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
    this.#roots = resolveRoots(platform, settings);
    const notice = (notice: Explanation) => onEvent({ type: "notice", ...notice });
    this.#git = new GitWait(platform, this.#roots.map(({ path }) => path), notice);
    this.#unreadable = new Unreadable(notice);
    const unreadable = ({ message }: PlatformError) => this.#unreadable.note({ what: message });
    const filter = new Filter(platform, settings, (notice) => this.#unreadable.note(notice));
    this.#tree = new Tree(platform, filter, this.#roots, {
      moved: (path, old) => this.#baselines.moved(path, old),
      dropped: (path) => this.#baselines.drop(path),
      appeared: (folders) => this.#sources.add(folders),
      vanished: (folder) => {
        this.#sources.remove(folder);
        this.#settle.gone(folder);
      },
      unreadable,
    });
    this.marks = new Marks(settings.cwd, this.#baselines);
    this.trees = new TreeIds(platform, settings.cwd, () => this.#tree.index, this.#baselines);
    this.folders = watchedFolders(this.#roots, this.#tree);
    this.#sources = new EventSources(platform, settings, {
      event: (event) => {
        if (this.#isClosed) return;
        const wasBusy = this.#settle.isBusy;
        this.#intake.take(event);
        if (!wasBusy && this.#settle.isBusy) onEvent({ type: "stirred" });
      },
      namesIn: (folder) => this.#tree.polled.namesIn(folder),
      freshness: (folder, name) => this.#tree.polled.freshness(folder, name),
      notice,
    });
    const { tellsCloseFromWrite } = platform.events;
    this.#settle = new Settle(platform.clock, { ...settings, tellsCloseFromWrite }, {
      isHeld: (paths) => !this.#isCrawled || this.#sources.isReopening || this.#git.holds(paths),
      scan: (paths, batch) => this.#scan(paths, batch),
      recheck: () => this.#recheck(),
      pending: () => this.#emitter.pending(),
      emit: (batch, changes) => this.#emitter.emit(batch, changes),
      settled: () => onEvent({ type: "settled" }),
    });
    const outputs = new ProgramOutputs(platform, {
      processes,
      isHeld: (paths) => this.#git.holds(paths),
      found: (path) => this.#leaveOut(path),
    });
    this.#outputNames = new OutputNames(settings.cwd);
    const found = [this.#tree, this.#settle, outputs, this.#unreadable] as const;
    this.#intake = new EventIntake(platform, ...found);
    this.#emitter = new ChangeEmitter({
      ...{ platform, cwd: settings.cwd, baselines: this.#baselines, outputs, onEvent },
      reconsider: () => this.#settle.reconsider(),
    });
  }

  /**
   * Starts watching; call it right after generation 1 was spawned. Emits `armed` once every change has an
   * event, and resolves later, when every file has been read once.
   *
   * `sinceCtimeMs` is the change time of a file written just before that spawn, by the clock of the file
   * system: what has changed since then counts as changed.
   */
  async arm(sinceCtimeMs: number): Promise<void> {
    const { clock, files } = this.#platform;
    const startedAt = clock.now();
    for (const notice of missing(this.#roots)) this.#onEvent({ type: "notice", ...notice });
    files.open();
    const roots = this.#roots.filter(({ kind }) => kind === "folder").map(({ path }) => path);
    await this.#sources.open(roots);
    const onWatched = (files: number, watchedAt: number) =>
      this.#sayArmed(files, watchedAt - startedAt);
    await inSlices(clock, this.#tree.crawl(sinceCtimeMs, onWatched), { isOver: this.#isOver });
    if (this.#isClosed) return;
    this.#isCrawled = true;
    this.#crawled.resolve();
    this.#settle.reconsider();
    const tops = this.#roots.map(({ path, kind }) => kind === "folder" ? path : parentOf(path));
    await Promise.all([this.#readAll(), this.#sources.prove(tops, this.#tree.index.outer)]);
  }

  /** What is known now is what this generation is started from, or what another name stands for. */
  mark(name: number | string): void {
    if (typeof name === "number") this.#emitter.started(name);
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
    if (!await this.#sources.sync()) this.#settle.touched(EVERYTHING, "complete");
    await this.#settle.drained();
  }

  /** Whether a file was written since it was marked, and holds again what it held then. */
  isStale(generation: number): boolean {
    return this.#baselines.difference(generation).rewritten;
  }

  get isPaused(): boolean {
    return this.#emitter.isPaused;
  }

  /** Goes on looking, but emits no `changed` and `settled` until `resume`. */
  readonly pause = (): void => this.#emitter.pause();

  readonly resume = (): void => this.#emitter.resume();

  /** Resolves when the system has let go of the folders. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#crawled.resolve();
    this.#settle.close();
    this.#emitter.close();
    this.#platform.files.close();
    return this.#sources.close();
  }

  /** Leaves a file out that the program writes itself, but for those that were asked for. */
  #leaveOut(path: string): void {
    const notice = this.#tree.leaveOut(path) ? this.#outputNames.note(path) : null;
    if (notice !== null) this.#onEvent({ type: "notice", ...notice });
  }

  async #scan(paths: ReadonlySet<string>, batch: Batch): Promise<void> {
    const { clock } = this.#platform;
    const sinceCtimeMs = clock.wallNow() - (clock.now() - batch.firstAt) - TIME_STEP_MS;
    if (paths.has(EVERYTHING)) {
      await inSlices(clock, this.#tree.recrawl(), { isOver: this.#isOver });
    }
    const named = new Set([...paths].filter((path) => path !== EVERYTHING));
    await inSlices(clock, this.#tree.scan(named, sinceCtimeMs), { isOver: this.#isOver });
  }

  /** One turn more than quiet: a timer may be overdue, and come before events that wait to be heard. */
  async #recheck(): Promise<void> {
    const { clock } = this.#platform;
    await new Promise<void>((done) => clock.after(0, done));
    await inSlices(clock, this.#tree.scanStale(), { isOver: this.#isOver });
    this.#unreadable.turn();
  }

  #sayArmed(files: number, tookMs: number): void {
    const folders = this.#tree.index.folders.filter(({ isParentWatch }) => !isParentWatch).length;
    this.#onEvent({ type: "armed", armed: { files, folders, ...this.#sources.inUse, tookMs } });
  }

  /** Any write just before the files were taken in has been looked at when this begins. */
  async #readAll(): Promise<void> {
    const { clock } = this.#platform;
    await new Promise<void>((done) => clock.after(TIME_STEP_MS, done));
    const work = this.#tree.readAll((path) => this.#settle.isDirty(path));
    await inSlices(clock, work, { isOver: this.#isOver, restMs: 2 });
    await inSlices(clock, this.trees.count(), { isOver: this.#isOver, restMs: 2 });
  }
}
