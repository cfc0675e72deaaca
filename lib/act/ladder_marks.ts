import type { EffectOf } from "../decide/effect.ts";
import type { Settings } from "../settings.ts";
import { RuledFiles } from "../watch/ignore/ruled_files.ts";
import { CommandOutputs } from "./command_outputs.ts";
import type { Supervision } from "./supervise.ts";
import type { WatchedFiles } from "./watched_files.ts";

/** What the files held when live was asked to take them. */
const OFFERED = "offered";
/** What they held when the build that runs, and the last one that succeeded, was begun. */
const PREPARING = "preparing";
const PREPARED = "prepared";

/** Which files a generation is of, where it takes some while it runs, and where some are built before it starts. */
export class LadderMarks {
  readonly #settings: Pick<Settings, "cwd" | "rules">;
  readonly #watch: WatchedFiles;
  readonly #files: RuledFiles | null;
  /** Those that commands write themselves: their rules do not count. */
  readonly outputs: CommandOutputs;
  #hasPrepared = false;
  /** What live has taken since it was started. */
  #taken = new Set<string>();

  constructor(
    { settings, watch, platform, onTrouble }: Pick<
      Supervision,
      "settings" | "watch" | "platform" | "onTrouble"
    >,
  ) {
    this.outputs = new CommandOutputs(platform.clock, onTrouble);
    this.#settings = settings;
    this.#watch = watch;
    this.#files = settings.rules.length === 0 ? null : new RuledFiles(settings, false);
  }

  /** The number of the rule of each path that one names; nothing where there are no rules. */
  ruled(paths: readonly (readonly string[])[]): { readonly ruled?: ReadonlyMap<string, number> } {
    const files = this.#files;
    if (files === null) return {};
    const ruled = new Map<string, number>();
    for (const path of new Set(paths.flat())) {
      const number = files.numberOf(path);
      if (number !== undefined && !this.outputs.isWritten(path)) ruled.set(path, number);
    }
    return { ruled };
  }

  /** Live is asked to take the files as they are now. */
  offered(): void {
    this.#watch.mark(OFFERED);
  }

  /** It has; or a generation that was started from what was offered would fail. */
  adopted({ generation, paths, isTaken }: EffectOf<"adopt">): void {
    if (!isTaken) {
      this.#watch.mark(generation);
      return this.#watch.marks.adopt(generation, OFFERED, this.#watch.differences(OFFERED));
    }
    this.#watch.marks.adopt(generation, OFFERED, paths);
    for (const path of paths) this.#taken.add(path);
  }

  /** With the paths that the one before had taken: what is parked was started before. */
  withTaken(changed: readonly string[]): readonly string[] {
    if (this.#taken.size === 0) return changed;
    return [...new Set([...changed, ...this.#taken])];
  }

  /** A generation is started from the files as they are now, but for those that were built as they were before. */
  marked(generation: number): void {
    this.#watch.mark(generation);
    if (this.#hasPrepared) this.#keepUnprepared(generation, PREPARED);
  }

  /** Resolves once whatever has happened to the files so far is known. */
  sync(): Promise<void> {
    return this.#watch.sync();
  }

  /** Resolves once whatever the system has told of the files so far is known. */
  heard(): Promise<void> {
    return this.#watch.heard();
  }

  /** A build for this generation begins. */
  preparing(generation: number): void {
    this.#watch.mark(generation);
    this.#watch.mark(PREPARING);
    this.outputs.began();
  }

  /** The watch tells of a change. */
  changed(paths: readonly string[], firstAt: number): void {
    this.outputs.changed(paths.filter((path) => this.#hasCommands(path)), firstAt);
  }

  prepared(): void {
    this.outputs.ended();
    this.#watch.marks.copy(PREPARING, PREPARED);
    this.#hasPrepared = true;
  }

  /** What a build that failed has written is no news. */
  notPrepared(generation: number): void {
    this.outputs.ended();
    this.#watch.mark(generation);
    this.#keepUnprepared(generation, PREPARING);
  }

  #keepUnprepared(generation: number, from: string): void {
    const paths = this.#watch.differences(from).filter((path) => this.#isPrepared(path));
    this.#watch.marks.adopt(generation, from, paths);
  }

  #isPrepared(path: string): boolean {
    return this.#hasCommands(path) && !this.outputs.isWritten(path);
  }

  #hasCommands(path: string): boolean {
    const number = this.#files?.numberOf(path);
    return number !== undefined && this.#settings.rules[number]!.commands.length > 0;
  }
}
