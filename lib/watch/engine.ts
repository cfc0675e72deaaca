import type { Explanation } from "../errors.ts";
import { parentOf } from "../paths/path.ts";
import type { DirectFiles, Platform, PlatformError } from "../platform/platform.ts";
import type { WatchEvent } from "./change.ts";
import { ChangeEmitter } from "./change_emitter.ts";
import { GitWait } from "./git/git_wait.ts";
import { Filter } from "./ignore/filter.ts";
import type { Baselines, Difference } from "./index/baselines.ts";
import type { FileIndex } from "./index/file_index.ts";
import { TIME_STEP_MS } from "./index/fingerprints.ts";
import type { TreeIds } from "./index/tree_ids.ts";
import { Unreadable } from "./index/unreadable.ts";
import { OutputNames } from "./outputs/output_names.ts";
import { ProgramOutputs, type ProgramProcesses } from "./outputs/program_outputs.ts";
import { notices, type Root } from "./roots.ts";
import { type Batch, Settle } from "./settle.ts";
import { inSlices } from "./slices.ts";
import { EventIntake, EVERYTHING } from "./sources/event_intake.ts";
import { EventSources } from "./sources/event_sources.ts";
import { Tree } from "./tree.ts";
import type { WatchSettings } from "./watch.ts";

/** What the watch has made before the program was started. */
export interface EngineOptions {
  readonly platform: Platform & { readonly files: DirectFiles };
  readonly settings: WatchSettings;
  readonly roots: readonly Root[];
  readonly baselines: Baselines<number | string>;
  /** Those of the program: what they write is left out. */
  readonly processes: ProgramProcesses;
  onEvent(event: WatchEvent): void;
}

/** Brings events, scans and comparisons together: what the watch is made of once it is armed. */
export class Engine {
  readonly #with: EngineOptions;
  readonly #tree: Tree;
  readonly #sources: EventSources;
  readonly #settle: Settle<Difference>;
  readonly #git: GitWait;
  readonly #unreadable: Unreadable;
  readonly #intake: EventIntake;
  readonly #emitter: ChangeEmitter;
  readonly #outputNames: OutputNames;
  #isCrawled = false;
  #isClosed = false;
  readonly #isOver = (): boolean => this.#isClosed;

  constructor(options: EngineOptions) {
    this.#with = options;
    const { platform, settings, roots, baselines, processes, onEvent } = options;
    const notice = (notice: Explanation) => onEvent({ type: "notice", ...notice });
    this.#git = new GitWait(platform, roots.map(({ path }) => path), notice);
    this.#unreadable = new Unreadable(notice);
    const unreadable = ({ message }: PlatformError) => this.#unreadable.note({ what: message });
    const filter = new Filter(platform, settings, (notice) => this.#unreadable.note(notice));
    this.#tree = new Tree(platform, filter, roots, {
      moved: (path, old) => baselines.moved(path, old),
      dropped: (path) => baselines.drop(path),
      appeared: (folders) => this.#sources.add(folders),
      vanished: (folder) => {
        this.#sources.remove(folder);
        this.#settle.gone(folder);
      },
      unreadable,
    });
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
      taken: (path) => baselines.drop(path),
    });
    this.#outputNames = new OutputNames(settings.cwd);
    const found = [this.#tree, this.#settle, outputs, this.#unreadable] as const;
    this.#intake = new EventIntake(platform, ...found);
    this.#emitter = new ChangeEmitter({
      ...{ platform, cwd: settings.cwd, baselines, outputs, onEvent },
      reconsider: () => this.#settle.reconsider(),
    });
  }

  get index(): FileIndex {
    return this.#tree.index;
  }

  /** As `Watch.arm`; `crawled` is called once what has changed since then is known. */
  async arm(sinceCtimeMs: number, trees: TreeIds, crawled: () => void): Promise<void> {
    const { roots, platform: { clock, files }, onEvent } = this.#with;
    const startedAt = clock.now();
    for (const notice of notices(roots)) onEvent({ type: "notice", ...notice });
    files.open();
    const folders = roots.filter(({ kind }) => kind === "folder").map(({ path }) => path);
    await this.#sources.open(folders);
    const onWatched = (files: number, watchedAt: number) =>
      this.#sayArmed(files, watchedAt - startedAt);
    await inSlices(clock, this.#tree.crawl(sinceCtimeMs, onWatched), { isOver: this.#isOver });
    if (this.#isClosed) return;
    this.#isCrawled = true;
    crawled();
    this.#settle.reconsider();
    const tops = roots.map(({ path, kind }) => kind === "folder" ? path : parentOf(path));
    await Promise.all([this.#readAll(trees), this.#sources.prove(tops, this.#tree.index.outer)]);
  }

  /** A generation is started. */
  started(generation: number): void {
    this.#emitter.started(generation);
  }

  /** Resolves once whatever has happened to the files so far is known. */
  async sync(): Promise<void> {
    if (!await this.#sources.sync()) this.#settle.touched(EVERYTHING, "complete");
    await this.#settle.drained();
  }

  /** As `sync`, but without a look through what the system tells nothing of. */
  async heard(): Promise<void> {
    await this.#sources.sync();
    await this.#settle.drained();
  }

  get isPaused(): boolean {
    return this.#emitter.isPaused;
  }

  pause(): void {
    this.#emitter.pause();
  }

  resume(): void {
    this.#emitter.resume();
  }

  complete(): void {
    this.#settle.complete();
  }

  /** Resolves when the system has let go of the folders. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#settle.close();
    this.#emitter.close();
    this.#with.platform.files.close();
    return this.#sources.close();
  }

  /** Leaves a file out that the program writes itself, but for those that were asked for. */
  #leaveOut(path: string): void {
    const notice = this.#tree.leaveOut(path) ? this.#outputNames.note(path) : null;
    if (notice !== null) this.#with.onEvent({ type: "notice", ...notice });
  }

  async #scan(paths: ReadonlySet<string>, batch: Batch): Promise<void> {
    const { clock } = this.#with.platform;
    const sinceCtimeMs = clock.wallNow() - (clock.now() - batch.firstAt) - TIME_STEP_MS;
    if (paths.has(EVERYTHING)) {
      await inSlices(clock, this.#tree.recrawl(), { isOver: this.#isOver });
    }
    const named = new Set([...paths].filter((path) => path !== EVERYTHING));
    await inSlices(clock, this.#tree.scan(named, sinceCtimeMs), { isOver: this.#isOver });
  }

  /** One turn more than quiet: a timer may be overdue, and come before events that wait to be heard. */
  async #recheck(): Promise<void> {
    const { clock } = this.#with.platform;
    await new Promise<void>((done) => clock.after(0, done));
    await inSlices(clock, this.#tree.scanStale(), { isOver: this.#isOver });
    this.#unreadable.turn();
  }

  #sayArmed(files: number, tookMs: number): void {
    const folders = this.#tree.index.folders.filter(({ isParentWatch }) => !isParentWatch).length;
    this.#with.onEvent({
      type: "armed",
      armed: { files, folders, ...this.#sources.inUse, tookMs },
    });
  }

  /** Any write just before the files were taken in has been looked at when this begins. */
  async #readAll(trees: TreeIds): Promise<void> {
    const { clock } = this.#with.platform;
    await new Promise<void>((done) => clock.after(TIME_STEP_MS, done));
    const work = this.#tree.readAll((path) => this.#settle.isDirty(path));
    await inSlices(clock, work, { isOver: this.#isOver, restMs: 2 });
    await inSlices(clock, trees.count(), { isOver: this.#isOver, restMs: 2 });
  }
}
