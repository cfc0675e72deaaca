import { type Explanation, messageOf } from "../errors.ts";
import { refusedBySystem } from "../explain.ts";
import type { Cancel, Platform, ProcessTree } from "../platform/platform.ts";
import { duration } from "../report/quantity.ts";
import type { Item, ItemOf } from "../report/item.ts";
import type { Place } from "../report/place.ts";
import type { Settings } from "../settings.ts";
import { cutChanged } from "../protocol/changed.ts";
import { failureOf } from "./failures.ts";

/** How long one may take, with all that it starts: then that is killed. */
const TIMEOUT_MS = 30_000;
const LONGEST_LINES = 8_192;

export interface HookOptions {
  readonly platform: Pick<Platform, "clock" | "env" | "randomId"> & {
    readonly processes: Pick<Platform["processes"], "spawn" | "tree">;
  };
  readonly settings: Pick<Settings, "onReady" | "onFail" | "cwd">;
  placeIn(lines: readonly string[]): Place | null;
  onTrouble(trouble: Explanation): void;
}

/** What a command is told, as variables. */
type Facts = Readonly<Record<string, string>>;

interface Hook {
  readonly option: "--on-ready" | "--on-fail";
  readonly command: string;
  readonly facts: Facts;
}

/** Runs the commands of `--on-ready` and `--on-fail`: apart from the program, one at a time, the newest next. */
export class Hooks {
  readonly #with: HookOptions;
  /** What is left of those that were started, and is killed in time. */
  readonly #trees = new Map<ProcessTree, Cancel>();
  #isRunning = false;
  #isStopped = false;
  #next: Hook | null = null;

  constructor(options: HookOptions) {
    this.#with = options;
  }

  ready(item: ItemOf<"ready">): void {
    const { onReady: command } = this.#with.settings;
    if (command !== null) this.#run({ option: "--on-ready", command, facts: readyFacts(item) });
  }

  note(item: Item): void {
    if (item.type === "stopping") return this.stop();
    const { onFail: command } = this.#with.settings;
    const failure = command === null ? null : failureOf(item);
    if (command === null || failure === null || failure.isEnd) return;
    const { generation, why, changed, lines } = failure;
    const place = this.#with.placeIn(lines);
    const facts = {
      BATON_EVENT: "failed",
      BATON_GENERATION: String(generation),
      BATON_CHANGED: cutChanged(changed).join("\n"),
      BATON_WHY: why,
      BATON_LINES: lines.join("\n").slice(-LONGEST_LINES),
      ...place === null ? {} : { BATON_FILE: place.file, BATON_LINE: String(place.line) },
    };
    this.#run({ option: "--on-fail", command, facts });
  }

  /** Kills what runs, with all that it has started, and starts nothing more: somebody has asked baton to stop. */
  stop(): void {
    this.#isStopped = true;
    this.#next = null;
    for (const tree of this.#trees.keys()) tree.kill();
    this.close();
  }

  /** Leaves what runs to itself: baton ends with a program that has failed, which somebody is being told. */
  close(): void {
    for (const cancel of this.#trees.values()) cancel();
    this.#trees.clear();
  }

  #run(hook: Hook): void {
    if (this.#isStopped) return;
    this.#next = hook;
    if (!this.#isRunning) this.#runNext();
  }

  #runNext(): void {
    const hook = this.#next;
    this.#isRunning = hook !== null;
    this.#next = null;
    if (hook === null) return;
    const done = (why: string | null) => {
      if (why !== null && !this.#isStopped) this.#say(hook, why);
      this.#runNext();
    };
    try {
      this.#start(hook, done);
    } catch (error) {
      done(messageOf(refusedBySystem(error)));
    }
  }

  #start({ command, facts }: Hook, done: (why: string | null) => void): void {
    const { platform: { clock, processes, env, randomId }, settings: { cwd } } = this.#with;
    const mark = { BATON_HOOK: randomId() };
    const told = Object.entries(facts).map(([name, value]) => [name, value.replaceAll("\0", "")]);
    let isLate = false;
    const { pid } = processes.spawn({
      command: ["sh", "-c", `exec >/dev/null 2>&1\n${command}`],
      ...{ cwd, mark, stdin: "null", stderr: "inherit" },
      env: { ...env(), ...Object.fromEntries(told), ...mark },
      onExit: ({ code }) => {
        if (tree.alive().length === 0) this.#forget(tree);
        done(isLate ? `over ${duration(TIMEOUT_MS)}` : code === 0 ? null : `exit status ${code}`);
      },
    });
    const tree = processes.tree(pid, mark);
    const kill = () => {
      isLate = true;
      tree.kill();
      this.#forget(tree);
    };
    this.#trees.set(tree, clock.after(TIMEOUT_MS, kill));
  }

  #forget(tree: ProcessTree): void {
    this.#trees.get(tree)?.();
    this.#trees.delete(tree);
  }

  #say({ option, command }: Hook, why: string): void {
    this.#with.onTrouble({
      what: `The command of "${option}" failed: ${why}`,
      where: command,
      next: "Run it by hand to see why; the program is not concerned",
    });
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
