/** Starts a program cold and from standby, and compares what it can see of its process. */
import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import type { WatchedFolders } from "../watch/watched_folders.ts";
import { differences } from "./differences.ts";
import { type Learned, readLearned, readStartedOver } from "./learned.ts";
import type { Launch } from "./launch.ts";
import { Parked } from "./parked.ts";
import type { ProcessListeners, Warmed } from "./parked_process.ts";
import { told } from "./told.ts";
import { watchedAmong } from "./watched.ts";

const LOOK_MS = 50;
/** A program is at rest by then, and has been looked at. */
const DEADLINE_MS = 60_000;
/** How many more cold starts show what differs by chance. */
const SHIFTS = 3;

export interface VerifyOptions {
  readonly launch: Launch;
  /** A private folder, which is there. */
  readonly folder: string;
  readonly watched: WatchedFolders;
  /** Whether modules of the project are imported ahead as well. */
  readonly own: boolean;
  /** Paths behind the start from standby, relative to the working directory. */
  readonly changed?: readonly string[];
  /** Called while a process is parked: what a save does. */
  save?(): void;
  /** Called with each of the processes once it has been looked at, before it is ended. */
  look?(from: "cold" | "standby"): Promise<void>;
}

export interface Verified {
  /** Where what was seen differs, a line a place; none where it is the same. */
  readonly differences: readonly string[];
  /** Why it started over; null where it did not. */
  readonly over: string | null;
  /** What the first import that is not done ahead does; null where all are. */
  readonly cut: string | null;
  readonly modules: number;
}

/** What was seen of a process, by name. */
type View = Readonly<Record<string, unknown>>;

/** Throws where there is nothing to compare: the program is not learned, not parked, or ends before it is seen. */
export async function verify(platform: Platform, options: VerifyOptions): Promise<Verified> {
  // Sets of texts have one order then, in every process.
  const env = { PYTHONHASHSEED: "0", ...options.launch.env };
  const trial = new Trial(platform, { ...options, launch: { ...options.launch, env } });
  const learned = await trial.learn();
  const { parked, cut, modules } = await trial.park(learned, learned.imports.length, null);
  options.save?.();
  const released = await trial.release(parked);
  const over = readStartedOver(platform, trial.place("over"))?.why ?? null;
  const cold = await trial.cold(0);
  let found = differences(cold, released);
  // What differs between two cold starts as well, with objects at other addresses, is no matter of standby.
  for (let shift = 1; shift <= SHIFTS && found.length > 0; shift++) {
    found = withoutChance(found, differences(cold, await trial.cold(shift)));
  }
  return { differences: found, over, cut, modules };
}

/** What differs by chance, too, does not count; nor does any order, where that is by chance somewhere. */
function withoutChance(found: readonly string[], byChance: readonly string[]): string[] {
  const places = byChance.map(placeOf);
  const hasOrder = byChance.some(isOrder);
  return found.filter((line) => !places.includes(placeOf(line)) && !(hasOrder && isOrder(line)));
}

function isOrder(difference: string): boolean {
  return difference.includes(": the order of what is there");
}

function placeOf(difference: string): string {
  return difference.slice(0, difference.indexOf(": "));
}

class Trial {
  readonly #platform: Platform;
  readonly #with: VerifyOptions;
  #count = 0;

  constructor(platform: Platform, options: VerifyOptions) {
    this.#platform = platform;
    this.#with = options;
  }

  /** A folder for what is noted. */
  place(name: string): string {
    const path = join(this.#with.folder, name);
    this.#platform.files.makeDir(path, 0o700);
    return path;
  }

  async learn(): Promise<Learned> {
    await this.#run(`learn:${this.place("learn")}`, "learned");
    const learned = readLearned(this.#platform, this.place("learn"));
    if (typeof learned === "string") throw new Error(learned);
    return learned;
  }

  cold(shift: number): Promise<View> {
    return this.#run(`cold:${shift}`, `cold-${shift}`);
  }

  async park(
    learned: Learned,
    imports: number,
    why: string | null,
    left: readonly string[] | null = this.#with.own ? [] : null,
  ): Promise<{ parked: Parked; cut: string | null; modules: number }> {
    const warmed = Promise.withResolvers<Warmed>();
    const { launch, folder, watched } = this.#with;
    const env = { ...launch.env };
    const parked = new Parked(this.#platform, {
      launch: { ...launch, env },
      address: join(folder, `park-${++this.#count}`),
      view: this.#viewPath("standby"),
      mark: {},
      learned,
      cut: imports,
      left,
      learnFolder: this.place("over"),
      watched: watchedAmong(this.#platform, watched, learned.searched),
      deadlineMs: DEADLINE_MS,
      onWarmed: warmed.resolve,
      onLost: () => {},
    });
    await parked.start();
    const outcome = await warmed.promise;
    if (outcome.type === "parked") return { parked, cut: why, modules: outcome.modules };
    parked.end();
    if (outcome.type === "failed") throw new Error(outcome.why);
    if (outcome.type === "leave") {
      return await this.park(learned, imports, why, [...left ?? [], outcome.path]);
    }
    if (outcome.imports >= imports) throw new Error(`It cannot be parked: ${outcome.why}`);
    return await this.park(learned, outcome.imports, outcome.why, left);
  }

  release(parked: Parked): Promise<View> {
    const { launch: { env }, changed = [] } = this.#with;
    return this.#seen("standby", (listeners) => parked.release(listeners, env, changed));
  }

  #run(how: string, name: string): Promise<View> {
    const { processes } = this.#platform;
    const { launch } = this.#with;
    return this.#seen(name, (listeners) => {
      const start = told(this.#platform, launch, this.#with.folder, how, this.#viewPath(name));
      return processes.spawn({ ...launch, ...start, stderr: "pipe", ...listeners }).pid;
    });
  }

  #viewPath(name: string): string {
    return join(this.#with.folder, `${name}.json`);
  }

  /** Waits until a process has been looked at, and ends it; `start` returns its id. */
  async #seen(name: string, start: (listeners: ProcessListeners) => number): Promise<View> {
    const { files, clock, processes } = this.#platform;
    const ended = Promise.withResolvers<void>();
    let isOver = false;
    let said = "";
    const decoder = new TextDecoder();
    const pid = start({
      onStderr: (chunk) => said += decoder.decode(chunk, { stream: true }),
      onExit() {
        isOver = true;
        ended.resolve();
      },
      // Where it cannot execute itself, what is to be ended is the process that takes its place.
      onRestart: (pid) => tree = processes.tree(pid, {}),
    });
    let tree = processes.tree(pid, {});
    const path = this.#viewPath(name);
    const deadlineAt = clock.now() + DEADLINE_MS;
    try {
      while (files.stat(path) === null) {
        if (isOver) throw new Error(`It ended before it could be looked at (${name}): ${said}`);
        if (clock.now() > deadlineAt) throw new Error(`It never came to rest (${name})`);
        await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
      }
      await this.#with.look?.(name === "standby" ? "standby" : "cold");
    } finally {
      tree.kill();
    }
    await ended.promise;
    return JSON.parse(files.readText(path));
  }
}
