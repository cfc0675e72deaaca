import { join } from "@std/path";
import { type Platform, PlatformError } from "../platform/platform.ts";
import {
  entries,
  type Learned,
  readLearned,
  readStartedOver,
  type StartedOver,
} from "./learned.ts";
import { whyUnknown } from "./interpreter.ts";
import type { Newest } from "./newest.ts";
import { Noting } from "./noting.ts";
import type { QuietTimer } from "./quiet_timer.ts";

/** After a program has said that it is ready. */
const READY_MS = 300;
/** A program that announces nothing is taken to be up when it has begun no import for this long. */
const NO_IMPORT_MS = 1_000;
/** An interpreter has reported by then, if it ever will. */
const REPORT_MS = 3_000;
/** Such a program is waited for no longer. */
const LONGEST_MS = 20_000;

/** Where the interpreters of each generation note what they import, until it is known what that is. */
export class Learning {
  readonly #platform: Platform;
  readonly #folder: () => string;
  readonly #timer: QuietTimer;

  constructor(platform: Platform, folder: () => string, timer: QuietTimer) {
    this.#platform = platform;
    this.#folder = folder;
    this.#timer = timer;
  }

  readonly #folders = new Set<number>();
  readonly #noting = new Noting();
  /** Why nothing that could be used was noted last. */
  #why = "";
  /** This generation was not to note anything. */
  #skipped: number | null = null;
  /** Nobody has looked yet at what this generation has noted. */
  #unseen: number | null = null;

  /** Whether the next start is to note what it imports. */
  get isDue(): boolean {
    return this.#noting.isDue;
  }

  /** Where a generation that is started now notes it; null where it is not to, or there is no place for that. */
  begin(generation: number): string | null {
    const isNoted = this.#noting.begin();
    this.#skipped = isNoted ? null : generation;
    return isNoted ? this.folderOf(generation) : null;
  }

  /** Where a generation notes it; null where there is no place for that. */
  folderOf(generation: number): string | null {
    try {
      const { files } = this.#platform;
      const folder = this.#pathOf(generation);
      if (files.owner(folder) === null) files.makeDir(folder, 0o700);
      this.#folders.add(generation);
      return folder;
    } catch (error) {
      if (error instanceof PlatformError) return null;
      throw error;
    }
  }

  /** Removes what others have noted. The generation after these finds its place made: nobody waits for that then. */
  keepOnly(...generations: readonly (number | undefined)[]): void {
    const next = Math.max(...generations.map((generation) => generation ?? 0)) + 1;
    if (this.isDue) this.folderOf(next);
    for (const generation of this.#folders) {
      if (generation === next || generations.includes(generation)) continue;
      this.#folders.delete(generation);
      try {
        this.#platform.files.remove(this.#pathOf(generation), { recursive: true });
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error; // It goes with the folder that it is in.
      }
    }
  }

  startedOver(generation: number): StartedOver | null {
    return readStartedOver(this.#platform, this.#pathOf(generation));
  }

  /**
   * Waits until a program is up that was started at `startedAt` (wall clock), and calls `done` with what it has
   * noted, or a sentence that says why nothing is known. `done` says why nothing can be parked by that, or null.
   */
  whenUp(
    newest: Newest,
    announced: boolean,
    done: (found: Learned | string) => string | null,
  ): void {
    const { generation, startedAt, command, env } = newest;
    const come = (found: Learned | string) => {
      this.#unseen = null;
      const whyNot = done(found);
      if (whyNot !== null) this.#why = whyNot;
      // One that came from standby was not to note anything.
      if (newest.from.type === "cold") this.#noting.cameUp(whyNot === null);
    };
    const look = (sizeBytes: number) => {
      if (generation === this.#skipped) return come(this.#why);
      const whyNot = whyUnknown(this.#platform, command, env.PATH ?? "");
      const found = readLearned(this.#platform, this.#pathOf(generation), whyNot);
      const waitedMs = this.#platform.clock.wallNow() - startedAt;
      const isNew = typeof found === "string"
        ? waitedMs < REPORT_MS
        : found.sizeBytes !== sizeBytes;
      if (announced || !isNew || waitedMs >= LONGEST_MS) return come(found);
      const size = typeof found === "string" ? -1 : found.sizeBytes;
      this.#timer.after(NO_IMPORT_MS, () => look(size));
    };
    this.#countUnseen();
    if (announced && newest.from.type === "cold") this.#unseen = generation;
    this.#timer.after(announced ? READY_MS : NO_IMPORT_MS, () => look(-1));
  }

  /** The one before may have been followed by this one before it was quiet. */
  #countUnseen(): void {
    const unseen = this.#unseen;
    this.#unseen = null;
    if (unseen === null) return;
    if (entries(this.#platform.files, this.#pathOf(unseen)).length === 0) {
      this.#noting.cameUp(false);
    }
  }

  #pathOf(generation: number): string {
    return join(this.#folder(), `learn-${generation}`);
  }
}
