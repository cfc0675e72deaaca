import { ensureDirSync } from "@std/fs/ensure-dir";
import { platform } from "../../support/platform.ts";
import type { Platform } from "../../../lib/platform/platform.ts";
import type { Armed, Change, WatchEvent } from "../../../lib/watch/change.ts";
import { Watch, type WatchSettings } from "../../../lib/watch/watch.ts";
import { waitUntil } from "../../support/wait_until.ts";

/** Stands for the generation that runs. */
const RESTARTED = 0;

/** A project in a temporary folder, watched for real. */
export class Project {
  readonly folder: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_watch_" }));
  /** The paths of each round that ended. */
  readonly rounds: string[][] = [];
  /** What differed from the generation before whenever a round ended; there is a new one then. */
  readonly restarts: string[][] = [];
  readonly notices: string[] = [];
  armed: Armed | null = null;
  /** Processes that count as the program's. */
  readonly processes: number[] = [];
  /** How often files were said to be written and back. */
  rewrites = 0;
  #round = new Set<string>();
  #isOpen = false;
  #cookies = 0;
  readonly #seen = new Set<string>();
  readonly #heard = new Set<string>();
  #hears = false;
  #watch: Watch | null = null;

  get watch(): Watch {
    if (this.#watch === null) throw new Error("Not watched yet");
    return this.#watch;
  }

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  write(name: string, text: string): void {
    ensureDirSync(this.path(name).slice(0, this.path(name).lastIndexOf("/")));
    // A time that is a whole second may stand for any moment of it: it is written again.
    for (let isWhole = true; isWhole;) {
      Deno.writeTextFileSync(this.path(name), text);
      isWhole = Deno.lstatSync(this.path(name)).mtime!.getTime() % 1_000 === 0;
    }
  }

  /** Everything stands still meanwhile: no step of the script is seen before the last. */
  run(script: string): void {
    check(script, this.#shell(script).outputSync());
  }

  /** Watched all the while. */
  async runWatched(script: string): Promise<void> {
    check(script, await this.#shell(script).output());
  }

  #shell(script: string): Deno.Command {
    return new Deno.Command("sh", {
      args: ["-ec", script],
      cwd: this.folder,
      env: {
        ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@a", GIT_COMMITTER_NAME: "a" },
        ...{ GIT_COMMITTER_EMAIL: "a@a", GIT_CONFIG_GLOBAL: "/dev/null" },
      },
      stdout: "null",
      stderr: "piped",
    });
  }

  /** Watches it as generation 1 finds it now; resolves when every file has been read. */
  async start(
    settings: Partial<WatchSettings> = {},
    on: Platform = platform(),
    beforeArming: () => void = () => {},
  ): Promise<void> {
    const stateDir = this.path(".baton");
    ensureDirSync(stateDir);
    const { source = "native", pollMs = null } = settings;
    this.#hears = source === "native" && pollMs === null;
    this.#watch = new Watch(
      this.#overheard(on),
      {
        ...{ cwd: this.folder, watch: ["."], ext: [], ignore: [], gitignore: true, stateDir },
        rules: [],
        ...{ settleMs: 50, maxWaitMs: 2_000, ...settings, source, pollMs },
      },
      (event) => this.#note(event),
      () => this.processes,
    );
    this.#watch.mark(1);
    this.#watch.mark(RESTARTED);
    const since = await this.#changeTimeAfterAll(stateDir);
    beforeArming();
    await this.#watch.arm(since);
  }

  async stop(): Promise<void> {
    await this.#watch?.close();
    Deno.removeSync(this.folder, { recursive: true });
  }

  /**
   * Writes one more file and waits until it has been spoken of and settled. Events come in order, so once the
   * event of a file has arrived, those of whatever was done before have. The files are left out of `rounds`.
   */
  async cookie(): Promise<void> {
    const name = `cookie_${++this.#cookies}.txt`;
    const first = `${name}.heard`;
    await waitUntil(`"${first}" is heard`, () => {
      if (!this.#hears || this.#heard.has(this.path(first))) return true;
      Deno.writeTextFileSync(this.path(first), name);
    });
    Deno.writeTextFileSync(this.path(name), name);
    await waitUntil(`"${name}" is seen`, () => this.#seen.has(name));
    await waitUntil(`the round of "${name}" ends`, () => !this.#isOpen);
  }

  /** Waits until a round that is not over now, or begins later, has said `path`. */
  said(path: string): Promise<unknown> {
    const from = this.rounds.length;
    return waitUntil(`"${path}" is said`, (saw) => {
      return saw(this.rounds.slice(from)).some((round) => round.includes(path));
    });
  }

  #overheard(on: Platform): Platform {
    const events: Platform["events"] = {
      ...on.events,
      watch: (observer) =>
        on.events.watch({
          event: (event) => {
            observer.event(event);
            this.#heard.add(event.path);
          },
          unwatched: (folders, error) => observer.unwatched(folders, error),
        }),
    };
    return { ...on, events };
  }

  #note(event: WatchEvent): void {
    if (event.type === "armed") this.armed = event.armed;
    else if (event.type === "changed") this.#changed(event.change);
    else if (event.type === "settled") this.#end();
    else if (event.type === "rewritten") this.rewrites += 1;
    else if (event.type === "notice") this.notices.push(event.what);
  }

  #changed(change: Change): void {
    this.#isOpen = true;
    for (const path of change.paths) {
      if (path.startsWith("cookie_")) this.#seen.add(path);
      else this.#round.add(path);
    }
  }

  #end(): void {
    this.#isOpen = false;
    if (this.#round.size > 0) this.rounds.push([...this.#round].sort());
    this.#round = new Set();
    const differs = this.#watch?.differences(RESTARTED) ?? [];
    const wanted = differs.filter((path) => !path.startsWith("cookie_"));
    if (differs.length > 0) this.#watch?.mark(RESTARTED);
    if (wanted.length > 0) this.restarts.push(wanted);
  }

  /** The file system's clock goes in steps, and files may be renamed late: waits for the time after both. */
  #changeTimeAfterAll(stateDir: string): Promise<number> {
    const marker = `${stateDir}/marker`;
    const stamp = () => {
      Deno.writeTextFileSync(marker, "");
      return Deno.lstatSync(marker).mtime!.getTime();
    };
    const first = stamp();
    return waitUntil("the clock of the file system moves", () => {
      const now = stamp();
      return now > first + 100 && now;
    });
  }
}

function check(script: string, { success, stderr }: Deno.CommandOutput): void {
  if (!success) throw new Error(`${script}: ${new TextDecoder().decode(stderr)}`);
}

/** Gives a project to `run`, and takes it away afterwards. */
export async function inProject(run: (project: Project) => Promise<void>): Promise<void> {
  const project = new Project();
  try {
    await run(project);
  } finally {
    await project.stop();
  }
}
