import { globPattern } from "./globs.ts";

/** What is called when files change that a glob names, with their paths. */
type Callback = (paths: readonly string[]) => unknown;

/** The functions that read changed data files anew. */
export class Changes {
  readonly #callbacks: { readonly pattern: RegExp; readonly run: Callback }[] = [];

  get isEmpty(): boolean {
    return this.#callbacks.length === 0;
  }

  add(glob: string, run: Callback): void {
    this.#callbacks.push({ pattern: globPattern(glob), run });
  }

  /** Calls all that name one of the paths, each once, in their order. Rejects where none names a path, as they do. */
  async tell(paths: readonly string[]): Promise<void> {
    const unnamed = paths.find((path) =>
      !this.#callbacks.some(({ pattern }) => pattern.test(path))
    );
    if (unnamed !== undefined) throw new Error(`No callback names "${unnamed}"`);
    for (const { pattern, run } of this.#callbacks) {
      const named = paths.filter((path) => pattern.test(path));
      if (named.length > 0) await run(named);
    }
  }
}
