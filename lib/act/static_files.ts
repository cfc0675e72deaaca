import type { Settings } from "../settings.ts";
import type { WatchEvent } from "../watch/change.ts";
import { Globs } from "../watch/ignore/globs.ts";
import type { WatchedFiles } from "./watched_files.ts";

/** Files that only the browser uses (`--static`): nothing restarts for them, pages are told of them. */
export class StaticFiles {
  readonly #globs: Globs;
  readonly #onChange: (paths: readonly string[]) => void;

  /** The globs are as those of `--ignore`. `onChange` is told of paths relative to the working directory. */
  constructor(
    { cwd, static: globs }: Pick<Settings, "cwd" | "static">,
    onChange: (paths: readonly string[]) => void,
  ) {
    this.#globs = new Globs(cwd, globs);
    this.#onChange = onChange;
  }

  /** The event without them; null where nothing else has changed. */
  split(event: WatchEvent): WatchEvent | null {
    if (event.type !== "changed") return event;
    const { paths } = event.change;
    const own = paths.filter((path) => this.#globs.has(path));
    if (own.length === 0) return event;
    this.#onChange(own);
    const rest = paths.filter((path) => !own.includes(path));
    return rest.length === 0 ? null : { ...event, change: { ...event.change, paths: rest } };
  }

  /** The same files without them. */
  leftOutOf(watch: WatchedFiles): WatchedFiles {
    return {
      folders: watch.folders,
      marks: watch.marks,
      get isPaused() {
        return watch.isPaused;
      },
      mark: (generation) => watch.mark(generation),
      differences: (name) => watch.differences(name).filter((path) => !this.#globs.has(path)),
      isStale: (generation) => watch.isStale(generation),
      forget: (generation) => watch.forget(generation),
      sync: () => watch.sync(),
      heard: () => watch.heard(),
    };
  }
}
