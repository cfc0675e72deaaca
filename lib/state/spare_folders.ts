import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { TemporaryFolder } from "./temporary.ts";

/**
 * Folders of generations for which there was no place in the state folder: that cannot be written to any more, or
 * something else is there by now. What is saved in them is handed over as long as this baton lives.
 */
export class SpareFolders {
  readonly #platform: Platform;
  #temporary: TemporaryFolder | null = null;
  readonly #made = new Map<number, string>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Null where the generation has none. */
  find(generation: number): string | null {
    return this.#made.get(generation) ?? null;
  }

  /** Makes it, or makes it again. Throws `PlatformError`. */
  make(generation: number): void {
    this.#temporary ??= new TemporaryFolder(this.#platform);
    const folder: string = join(this.#temporary.keep(), String(generation));
    this.#platform.files.makeDir(folder, 0o700);
    this.#made.set(generation, folder);
  }

  /** Removes those before `generation`, whose own state may yet be handed over; all with `Infinity`. */
  cleanUp(generation: number): void {
    for (const [number, folder] of this.#made) {
      if (number >= generation) continue;
      this.#platform.files.remove(folder, { recursive: true });
      this.#made.delete(number);
    }
    if (this.#made.size > 0) return;
    this.#temporary?.remove();
    this.#temporary = null;
  }
}
