import { relative, resolve } from "@std/path";
import type { Baselines } from "./index/baselines.ts";

/** What is marked with this was written before `takeWritten` was called last. */
const TAKEN = "taken";

/** What files held when they were marked, told from one mark to another. */
export class Marks {
  readonly #cwd: string;
  readonly #baselines: Baselines<number | string>;

  constructor(cwd: string, baselines: Baselines<number | string>) {
    this.#cwd = cwd;
    this.#baselines = baselines;
    baselines.take(TAKEN);
  }

  /** Paths, relative to the working directory, written since this was called last, whatever they hold now. */
  takeWritten(): string[] {
    const paths = this.#baselines.written(TAKEN).map((path): string => relative(this.#cwd, path));
    this.#baselines.take(TAKEN);
    return paths;
  }

  /** For `name`, these paths, relative to the working directory, hold what they held when `from` was marked. */
  adopt(name: number | string, from: string, paths: readonly string[]): void {
    for (const path of paths) this.#baselines.adopt(name, from, resolve(this.#cwd, path));
  }

  /** `name` is marked with what `from` is. */
  copy(from: string, name: string): void {
    this.#baselines.copy(from, name);
  }
}
