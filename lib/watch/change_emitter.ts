import { resolve } from "@std/path";
import type { Cancel, Platform } from "../platform/platform.ts";
import { statOrNull } from "../paths/lookup.ts";
import type { WatchEvent } from "./change.ts";
import type { Baselines, Difference } from "./index/baselines.ts";
import { namesOf } from "./names.ts";
import type { ProgramOutputs } from "./outputs/program_outputs.ts";
import { type ChangedFiles, RestartLoop } from "./outputs/restart_loop.ts";
import { SecondRestarts } from "./outputs/second_restarts.ts";
import type { Batch } from "./settle.ts";

/** What was built is executed by then. */
const BUILT_MS = 500;

/** How often a change that waits for the folder of the program looks for it, where nothing tells of its return. */
const AWAY_MS = 1_000;

/** The baseline of the last change that was emitted. */
const EMITTED = "emitted";

export interface EmitterOptions {
  readonly platform: Pick<Platform, "clock" | "files">;
  readonly cwd: string;
  readonly baselines: Baselines<number | string>;
  readonly outputs: ProgramOutputs;
  onEvent(event: WatchEvent): void;
  /** What could not be emitted now may be. */
  reconsider(): void;
}

/**
 * Emits what has changed since it did so last, unless it is paused, the program causes its own restarts, or the folder
 * that it runs in is away: nothing could be started there, and the version that runs could save nothing there.
 */
export class ChangeEmitter {
  readonly #with: EmitterOptions;
  readonly #loop = new RestartLoop();
  readonly #second = new SecondRestarts();
  #cancelWait: Cancel = () => {};
  /** When what the program may be built as was written. */
  #builtAt: number | null = null;
  /** A change waits for the folder of the program; told once that was said. */
  #away: "untold" | "told" | null = null;
  #isPaused = false;
  #hasEmitted = false;
  #generation = 0;

  constructor(options: EmitterOptions) {
    this.#with = options;
    options.baselines.take(EMITTED);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#with.reconsider();
  }

  /** A generation is started; one that was before is compared anew, and nothing else. */
  started(generation: number): void {
    if (generation <= this.#generation) return;
    this.#generation = generation;
    const at = this.#with.platform.clock.now();
    this.#loop.started(at);
    this.#second.started(at);
    this.#with.outputs.started(at);
  }

  close(): void {
    this.#cancelWait();
    this.#with.outputs.close();
  }

  /** What there is to emit: what the program itself writes is left out before. */
  pending(): Difference {
    const { baselines, outputs } = this.#with;
    const changes = baselines.difference(EMITTED);
    const hasFound = outputs.check(changes.paths, (path) => baselines.isNew(EMITTED, path));
    return hasFound ? baselines.difference(EMITTED) : changes;
  }

  /** Returns whether it emitted a change. */
  emit({ firstAt, lastAt }: Batch, { paths: moved, rewritten }: Difference): boolean {
    const { platform, baselines, cwd, outputs, onEvent } = this.#with;
    if (moved.length === 0) this.#builtAt = null;
    if (this.#isPaused || (moved.length === 0 && !rewritten)) return false;
    if (this.#isAway()) return false;
    const paths = namesOf(cwd, moved);
    const changed = {
      ...{ paths, firstAt },
      // Before the first change was emitted, whatever the crawl has found is new.
      isNew: (name: string) => this.#hasEmitted && baselines.isNew(EMITTED, resolve(cwd, name)),
      sizeOf: (name: string) => statOrNull(platform, resolve(cwd, name))?.sizeBytes ?? 0,
    };
    if (paths.length > 0 && (this.#isBuilding(moved, firstAt) || this.#isInLoop(changed))) {
      return false;
    }
    this.#builtAt = null;
    baselines.take(EMITTED);
    this.#hasEmitted = true;
    outputs.clear();
    if (paths.length === 0) onEvent({ type: "rewritten" });
    else onEvent({ type: "changed", change: { paths, firstAt, lastAt } });
    outputs.remember();
    return paths.length > 0;
  }

  /** Whether it is to wait, as the folder of the program was renamed or removed, and may come back as it was. */
  #isAway(): boolean {
    const { platform, cwd, onEvent, reconsider } = this.#with;
    const found = statOrNull(platform, cwd);
    if (found === undefined || found?.kind === "directory") {
      this.#away = null;
      return false;
    }
    this.#away ??= "untold";
    this.#cancelWait();
    this.#cancelWait = platform.clock.after(AWAY_MS, () => {
      if (this.#away === "untold" && statOrNull(platform, cwd) === null) {
        this.#away = "told";
        const next = "Put it back, or make it anew; what runs goes on until then";
        onEvent({ type: "notice", what: `Waiting for "${cwd}": no folder is there`, next });
      }
      reconsider();
    });
    return true;
  }

  /** Whether it is to wait, as the program may be about to run as that. */
  #isBuilding(paths: readonly string[], firstAt: number): boolean {
    const { platform: { clock }, outputs, reconsider } = this.#with;
    if (!outputs.isBuilding(paths, firstAt)) return false;
    this.#builtAt ??= firstAt;
    const waitMs = this.#builtAt + BUILT_MS - clock.now();
    if (waitMs <= 0) return false;
    this.#cancelWait();
    this.#cancelWait = clock.after(waitMs, reconsider);
    return true;
  }

  /** Whether a change is to wait; then it is emitted later. */
  #isInLoop(changed: ChangedFiles): boolean {
    const { platform: { clock }, onEvent, reconsider } = this.#with;
    const waitMs = this.#loop.waitUntil(changed) - clock.now();
    if (waitMs > 0) {
      this.#cancelWait();
      this.#cancelWait = clock.after(waitMs, reconsider);
      return true;
    }
    for (const notice of [this.#loop.emitted(changed), this.#second.emitted(changed)]) {
      if (notice !== null) onEvent({ type: "notice", ...notice });
    }
    return false;
  }
}
