import { type Explanation, messageOf } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";
import type { Place } from "../report/place.ts";
import type { Settings } from "../settings.ts";
import { cutChanged } from "../protocol/changed.ts";
import { failureOf } from "./failures.ts";

/** How long one may take: then it is killed. */
const TIMEOUT_MS = 30_000;
const LONGEST_LINES = 8_192;

export interface HookOptions {
  readonly processes: Pick<Platform["processes"], "output">;
  readonly settings: Pick<Settings, "onReady" | "onFail" | "cwd">;
  placeIn(lines: readonly string[]): Place | null;
  onTrouble(trouble: Explanation): void;
}

/** What a command is told, as variables. */
type Facts = Readonly<Record<string, string>>;

/** Runs the commands of `--on-ready` and `--on-fail`: apart from the program, one at a time, the newest next. */
export class Hooks {
  readonly #with: HookOptions;
  #isRunning = false;
  #next: (() => Promise<void>) | null = null;

  constructor(options: HookOptions) {
    this.#with = options;
  }

  ready(item: ItemOf<"ready">): void {
    const { onReady } = this.#with.settings;
    if (onReady !== null) this.#run("--on-ready", onReady, readyFacts(item));
  }

  note(item: Item): void {
    const { onFail } = this.#with.settings;
    const failure = onFail === null ? null : failureOf(item);
    if (onFail === null || failure === null || failure.isEnd) return;
    const { generation, why, changed, lines } = failure;
    const place = this.#with.placeIn(lines);
    this.#run("--on-fail", onFail, {
      BATON_EVENT: "failed",
      BATON_GENERATION: String(generation),
      BATON_CHANGED: cutChanged(changed).join("\n"),
      BATON_WHY: why,
      BATON_LINES: lines.join("\n").slice(-LONGEST_LINES),
      ...place === null ? {} : { BATON_FILE: place.file, BATON_LINE: String(place.line) },
    });
  }

  #run(option: string, command: string, facts: Facts): void {
    const { settings: { cwd }, processes, onTrouble } = this.#with;
    const variables = Object.entries({ ...facts, BATON_HOOK_CWD: cwd })
      .map(([name, value]) => `${name}=${value.replaceAll("\0", "")}`);
    const script =
      `cd "$BATON_HOOK_CWD" && unset BATON_HOOK_CWD && exec >/dev/null 2>&1\n${command}`;
    const trouble = (why: string) =>
      onTrouble({
        what: `The command of "${option}" failed: ${why}`,
        where: command,
        next: "Run it by hand to see why; the program is not concerned",
      });
    this.#next = async () => {
      try {
        const argv = ["env", ...variables, "sh", "-c", script];
        const { code } = await processes.output(argv, { timeoutMs: TIMEOUT_MS });
        if (code !== 0) trouble(`exit status ${code}`);
      } catch (error) {
        trouble(messageOf(error));
      }
    };
    if (!this.#isRunning) this.#runAll();
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#next !== null) {
      const next = this.#next;
      this.#next = null;
      await next();
    }
    this.#isRunning = false;
  }
}

function readyFacts({ generation, changed, timings }: ItemOf<"ready">): Facts {
  return {
    BATON_EVENT: "ready",
    BATON_GENERATION: String(generation),
    BATON_CHANGED: cutChanged(changed).join("\n"),
    ...timings.darkMs === undefined ? {} : { BATON_DARK_MS: String(timings.darkMs) },
  };
}
