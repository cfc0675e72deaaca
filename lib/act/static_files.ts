import { resolve } from "@std/path";
import { childOf } from "../paths/path.ts";
import type { Settings } from "../settings.ts";
import type { WatchEvent } from "../watch/change.ts";
import { bytesOfText } from "../watch/ignore/bytes.ts";
import { IgnoreRules } from "../watch/ignore/ignore_rules.ts";
import type { WatchedFiles } from "./supervise.ts";

/** Files that only the browser uses (`--static`): nothing restarts for them, pages are told of them. */
export class StaticFiles {
  readonly #cwd: string;
  readonly #rules: IgnoreRules;
  readonly #onChange: (paths: readonly string[]) => void;

  /** The globs are as those of `--ignore`. `onChange` is told of paths relative to the working directory. */
  constructor(
    { cwd, static: globs }: Pick<Settings, "cwd" | "static">,
    onChange: (paths: readonly string[]) => void,
  ) {
    this.#cwd = cwd;
    const lines = globs.map((glob) => bytesOfText(glob.replace(/^\.\//, "/")));
    this.#rules = new IgnoreRules(cwd, lines, { ignoreCase: false });
    this.#onChange = onChange;
  }

  /** The event without them; null where nothing else has changed. */
  split(event: WatchEvent): WatchEvent | null {
    if (event.type !== "changed") return event;
    const { paths } = event.change;
    const own = paths.filter((path) => this.#has(path));
    if (own.length === 0) return event;
    this.#onChange(own);
    const rest = paths.filter((path) => !own.includes(path));
    return rest.length === 0 ? null : { ...event, change: { ...event.change, paths: rest } };
  }

  /** The same files without them. */
  leftOutOf(watch: WatchedFiles): WatchedFiles {
    return {
      folders: watch.folders,
      get isPaused() {
        return watch.isPaused;
      },
      mark: (generation) => watch.mark(generation),
      takeWritten: () => watch.takeWritten(),
      differences: (generation) => watch.differences(generation).filter((path) => !this.#has(path)),
      isStale: (generation) => watch.isStale(generation),
      forget: (generation) => watch.forget(generation),
    };
  }

  /** Whether it, or a folder that it is in, is one of them. */
  #has(path: string): boolean {
    const names = path.split("/");
    let entry = this.#cwd;
    return names.some((name, at) => {
      entry = name === ".." || name === "." ? resolve(entry, name) : childOf(entry, name);
      return this.#rules.verdict(entry, at < names.length - 1) === true;
    });
  }
}
