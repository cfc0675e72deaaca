import type { Item } from "./item.ts";
import { duration } from "./quantity.ts";

/** Remembers why a generation did not go gracefully, until the next one has taken over. */
export class Causes {
  readonly #byGeneration = new Map<number, string>();

  note(item: Item): void {
    if (item.type === "hook" && item.trouble.kind === "late") {
      const cause = `no answer to shutdown in ${duration(item.trouble.afterMs)}`;
      this.#byGeneration.set(item.generation, cause);
    }
    if (item.type === "ready" && item.from !== null) this.#byGeneration.delete(item.from);
  }

  of(generation: number): string | undefined {
    return this.#byGeneration.get(generation);
  }
}
