/**
 * # Theory of operation
 *
 * Events only say "look"; the truth is the content. `ears.ts` hears that something happened, from the
 * system (or by `watchman/`) where events arrive and by `poll.ts` where not; `filter.ts` says whether it counts;
 * `settle.ts` says when to look; `survey.ts` walks and compares; `picture.ts` keeps what was found;
 * `overlays.ts` remembers what each generation was started from.
 *
 * A folder is watched first and read then, so whatever happens is either read or has an event. Systems keep
 * some events to themselves (of links, of what comes and goes at once), so before a burst is called settled
 * every folder that had entries come or go since it was listed is listed again. The program
 * is started before anything is walked: a file with a change time after that start counts as changed.
 * Reading the files that have not changed comes last, in the background; until then a file that is touched
 * counts as changed, since nobody knows what was in it.
 */
import { relative } from "@std/path";
import type { DirectFiles, Platform, PlatformError, RawEvent } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { Notice, WatchEvent } from "./change.ts";
import { Ears } from "./ears.ts";
import { Filter } from "./filter.ts";
import { TIME_STEP_MS } from "./fingerprints.ts";
import { GitWait } from "./git_wait.ts";
import { parentOf } from "./location.ts";
import { look } from "./look.ts";
import { Overlays } from "./overlays.ts";
import { Refusals } from "./refusals.ts";
import { resolveRoots, type Root } from "./roots.ts";
import { type Burst, Settle } from "./settle.ts";
import { inSlices } from "./slices.ts";
import { Tree } from "./tree.ts";

export type WatchSettings = Pick<
  Settings,
  | ("cwd" | "watch" | "ext" | "ignore" | "gitignore" | "settleMs" | "maxWaitMs" | "pollMs")
  | ("source" | "stateDir")
>;

/** Stands in a path for bytes that are not UTF-8. */
const UNKNOWN_CHARACTER = "\ufffd";

/** Stands for every path: events were lost. */
const EVERYTHING = "";

/** Watches what the settings name, and says what changed. */
export class Watch {
  readonly #platform: Platform & { readonly files: DirectFiles };
  readonly #settings: WatchSettings;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #overlays = new Overlays<number | "said" | "taken">((path) =>
    this.#tree.picture.content(path)
  );
  readonly #roots: readonly Root[];
  readonly #tree: Tree;
  readonly #ears: Ears;
  readonly #settle: Settle;
  readonly #git: GitWait;
  readonly #refusals: Refusals;
  #isTakenIn = false;
  #isPaused = false;
  #isClosed = false;

  /** Throws `BatonError` where a path that is to be watched is missing. */
  constructor(
    on: Platform,
    settings: WatchSettings,
    onEvent: (event: WatchEvent) => void,
  ) {
    const platform = { ...on, files: on.files.direct() };
    this.#platform = platform;
    this.#settings = settings;
    this.#onEvent = onEvent;
    this.#roots = resolveRoots(platform, settings);
    const notice = (notice: Notice) => onEvent({ type: "notice", ...notice });
    this.#git = new GitWait(platform, this.#roots.map(({ path }) => path), notice);
    this.#refusals = new Refusals(notice);
    const unreadable = ({ message }: PlatformError) => this.#refusals.note({ what: message });
    const filter = new Filter(platform, settings, (notice) => this.#refusals.note(notice));
    this.#tree = new Tree(platform, filter, this.#roots, {
      moved: (path, old) => this.#overlays.moved(path, old),
      dropped: (path) => this.#overlays.drop(path),
      appeared: (folders) => this.#ears.add(folders),
      vanished: (folder) => {
        this.#ears.remove(folder);
        this.#settle.gone(folder);
      },
      unreadable,
    });
    this.#ears = new Ears(platform, settings, {
      event: (event) => this.#heard(event),
      namesIn: (folder) => this.#tree.namesIn(folder),
      verdict: (folder, name) => this.#tree.verdict(folder, name),
      notice,
    });
    const { tellsCloseFromWrite } = platform.events;
    this.#settle = new Settle(platform.clock, { ...settings, tellsCloseFromWrite }, {
      isHeld: (paths) => !this.#isTakenIn || this.#ears.isReopening || this.#git.holds(paths),
      look: (paths, burst) => this.#look(paths, burst),
      recheck: () => this.#recheck(),
      isHalfway: () => this.#overlays.difference("said").halfway,
      emit: (burst) => this.#say(burst),
      settled: () => onEvent({ type: "settled" }),
    });
    this.#overlays.mark("said");
    this.#overlays.mark("taken");
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
    const isOver = () => this.#isClosed;
    const startedAt = clock.now();
    files.open();
    const roots = this.#roots.filter(({ kind }) => kind === "folder").map(({ path }) => path);
    await this.#ears.open(roots);
    const onWatched = (files: number, watchedAt: number) =>
      this.#sayArmed(files, watchedAt - startedAt);
    await inSlices(clock, this.#tree.takeIn(sinceCtimeMs, onWatched), { isOver });
    if (this.#isClosed) return;
    this.#isTakenIn = true;
    this.#settle.reconsider();
    const tops = this.#roots.map(({ path, kind }) => kind === "folder" ? path : parentOf(path));
    await Promise.all([this.#readAll(), this.#ears.prove(tops, this.#tree.outer)]);
  }

  /** What is known now is what this generation is started from. */
  mark(generation: number): void {
    this.#overlays.mark(generation);
  }

  forget(generation: number): void {
    this.#overlays.forget(generation);
  }

  /** Sorted paths, relative to the working directory, that hold something else than when it was marked. */
  differences(generation: number): string[] {
    return this.#differences(generation).paths;
  }

  /** Paths, relative to the working directory, written since this was called last, whatever they hold now. */
  takeWritten(): string[] {
    const paths = this.#overlays.written("taken").map((path) => relative(this.#settings.cwd, path));
    this.#overlays.mark("taken");
    return paths;
  }

  /** Whether a file was written since it was marked, and holds again what it held then. */
  isInDoubt(generation: number): boolean {
    return this.#overlays.difference(generation).rewritten;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Goes on looking, but emits no `changed` and `settled` until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#settle.reconsider();
  }

  /** Resolves when the system has let go of the folders. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#settle.close();
    this.#platform.files.close();
    return this.#ears.close();
  }

  #heard({ kind, path }: RawEvent): void {
    if (this.#isClosed) return;
    if (kind === "rescan") return this.#settle.touched(EVERYTHING, "partial");
    for (const affected of this.#tree.affected(path)) {
      if (affected.includes(UNKNOWN_CHARACTER)) this.#lookAtName(affected);
      this.#settle.touched(affected, this.#kindOf(kind, affected));
    }
  }

  /** No runtime lists, or finds, what is not named in UTF-8. */
  #lookAtName(path: string): void {
    if (look(this.#platform, path) !== null) return;
    this.#refusals.note({ what: `Cannot see "${path}": its name is not UTF-8; rename it` });
  }

  /** Folders and links are complete when they are made; files are made by opening them. */
  #kindOf(kind: Exclude<RawEvent["kind"], "rescan">, path: string) {
    if (kind !== "partial" || this.#settle.isPartial(path)) return kind;
    return look(this.#platform, path)?.kind === "file" ? "partial" : "complete";
  }

  async #look(paths: ReadonlySet<string>, burst: Burst): Promise<void> {
    const { clock } = this.#platform;
    const sinceCtimeMs = clock.wallNow() - (clock.now() - burst.firstAt) - TIME_STEP_MS;
    const isOver = () => this.#isClosed;
    if (paths.has(EVERYTHING)) await inSlices(clock, this.#tree.lookAtAll(), { isOver });
    const named = new Set([...paths].filter((path) => path !== EVERYTHING));
    await inSlices(clock, this.#tree.look(named, sinceCtimeMs), { isOver });
  }

  /** One turn more than quiet: a timer may be overdue, and come before events that wait to be heard. */
  async #recheck(): Promise<void> {
    const { clock } = this.#platform;
    await new Promise<void>((done) => clock.after(0, done));
    await inSlices(clock, this.#tree.lookAtMoved(), { isOver: () => this.#isClosed });
    this.#refusals.turn();
  }

  #say({ firstAt, lastAt }: Burst): boolean {
    const { paths, rewritten } = this.#differences("said");
    if (this.#isPaused || (paths.length === 0 && !rewritten)) return false;
    this.#overlays.mark("said");
    if (paths.length === 0) this.#onEvent({ type: "rewritten" });
    else this.#onEvent({ type: "changed", change: { paths, firstAt, lastAt } });
    return paths.length > 0;
  }

  #sayArmed(files: number, tookMs: number): void {
    const known = [...this.#tree.picture.folders.values()];
    const folders = known.filter(({ isAnchor }) => !isAnchor).length;
    this.#onEvent({ type: "armed", armed: { files, folders, ...this.#ears.inUse, tookMs } });
  }

  #differences(mark: number | "said") {
    const found = this.#overlays.difference(mark);
    const paths = found.paths.map((path): string => relative(this.#settings.cwd, path) || ".");
    return { ...found, paths: paths.sort() };
  }

  /** Any write just before the files were taken in has been looked at when this begins. */
  async #readAll(): Promise<void> {
    const { clock } = this.#platform;
    await new Promise<void>((done) => clock.after(TIME_STEP_MS, done));
    const work = this.#tree.readAll((path) => this.#settle.isDirty(path));
    await inSlices(clock, work, { isOver: () => this.#isClosed, restMs: 2 });
  }
}
