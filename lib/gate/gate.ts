/**
 * # Theory of operation
 *
 * `go run` and `cargo run` build a program, then run it. By variables of theirs they run it through a script of
 * baton's, the gate (`script.ts`): it says that the program is built, waits until it is told to, and executes it in
 * its own place. So the next version is built while the one before serves, and a build that fails costs nothing.
 *
 * A generation has a named pipe of its own. The gate writes a file beside it, of which the watch of that folder
 * tells, and reads the pipe; that baton has it open as well tells the gate that baton lives. Nothing else is known
 * of it: that whoever waits is the program of baton's own command line is seen in `/proc` (`lineage.ts`).
 */
import { join } from "@std/path";
import { type Fifo, type FolderWatch, type Platform, PlatformError } from "../platform/platform.ts";
import { textOrEmpty } from "../paths/lookup.ts";
import type { Settings } from "../settings.ts";
import type { Launch } from "../standby/launch.ts";
import { type BuildTool, buildToolOf, changesTheRun } from "./build_tool.ts";
import { cargoRunner } from "./cargo_runner.ts";
import { goFlags } from "./go_flags.ts";
import { isOfCommandLine } from "./lineage.ts";
import { builtPath, GATE_VARIABLE, gateScript, GO } from "./script.ts";

type Environment = Readonly<Record<string, string>>;

export interface GateOptions {
  readonly platform: Platform;
  /** Makes sure of a private folder, and says where it is. */
  folder(): string;
  /** The program of a generation is built, and waits. */
  onBuilt(generation: number): void;
}

/** Whether what is built may wait at all. */
export function isGateWanted(
  { os }: Pick<Platform, "os">,
  { standby }: Pick<Settings, "standby">,
): boolean {
  return standby !== "off" && os === "linux";
}

/** Of a path that both tools take as one word. */
const ONE_WORD = /^[\w@%+:,./-]+$/;
/** A shell passes on no others; which functions of bash's it can, it knows by itself. */
const VARIABLE = /^([A-Za-z_]\w*|BASH_FUNC_.*%%)$/;

/** Of one generation. */
interface Opened {
  readonly tool: BuildTool["name"];
  readonly path: string;
  readonly pipe: Fifo;
  /** The process that baton has started; null before. */
  leader: number | null;
  isHeard: boolean;
}

/** The gates of all generations. */
export class Gate {
  readonly #with: GateOptions;
  readonly #opened = new Map<number, Opened>();
  readonly #watch: FolderWatch;
  #watched: string | null = null;

  constructor(options: GateOptions) {
    this.#with = options;
    this.#watch = options.platform.events.watch({
      event: () => this.#look(),
      unwatched: () => this.#watched = null,
    });
  }

  /**
   * What a generation is to have in its environment so that its program waits once it is built; null where it is not
   * built, or something is in the way of that.
   */
  open(
    generation: number,
    { command, cwd }: Pick<Launch, "command" | "cwd">,
    env: Readonly<Record<string, string>>,
    changed: readonly string[],
  ): Record<string, string> | null {
    const tool = buildToolOf(command, cwd);
    const isPassedOn = Object.keys(env).every((name) => VARIABLE.test(name));
    if (tool === null || !isPassedOn || changesTheRun(changed)) return null;
    try {
      return this.#open(generation, tool, env);
    } catch (error) {
      if (error instanceof PlatformError) return null;
      throw error;
    }
  }

  /** It was started; whether it is to say when it is built. */
  started(generation: number, leader: number): boolean {
    const opened = this.#opened.get(generation);
    if (opened !== undefined) opened.leader = leader;
    return opened !== undefined;
  }

  /** Lets what was built run. */
  execute(generation: number): void {
    this.#opened.get(generation)?.pipe.write(GO);
    this.forget(generation);
  }

  /** Nothing waits there any more, nor will. */
  forget(generation: number): void {
    const opened = this.#opened.get(generation);
    if (opened === undefined) return;
    opened.pipe.close();
    this.#with.platform.files.remove(builtPath(opened.path));
    this.#opened.delete(generation);
  }

  close(): void {
    for (const generation of [...this.#opened.keys()]) this.forget(generation);
    this.#watch.close();
  }

  #open(
    generation: number,
    { name, folder }: BuildTool,
    env: Readonly<Record<string, string>>,
  ): Record<string, string> | null {
    const { platform } = this.#with;
    const own = join(this.#with.folder(), "gate");
    const script = join(own, name);
    const flags = name === "go" ? goFlags(platform, env, script) : null;
    const variables = name === "go"
      ? flags && { GOFLAGS: flags.value }
      : cargoRunner(platform, env, folder, script);
    if (variables === null || !ONE_WORD.test(script)) return null;
    if (!this.#prepare(own, script, gateScript(script, flags?.fromFile ?? ""))) return null;
    const path = join(own, String(generation));
    this.forget(generation);
    const pipe = platform.makeFifo(path);
    if (pipe === null) return null;
    this.#opened.set(generation, { tool: name, path, pipe, leader: null, isHeard: false });
    return { ...variables, [GATE_VARIABLE]: path };
  }

  /** Whether all is there; not where nothing can be executed in that folder. */
  #prepare(folder: string, script: string, text: string): boolean {
    const { files, user } = this.#with.platform;
    // What root has started may go on as another user.
    const mode = user?.uid === 0 ? 0o755 : 0o700;
    files.makeDir(folder, mode);
    if (this.#watched !== folder) {
      this.#watched = folder;
      this.#watch.add([folder]);
    }
    if (files.stat(script) === null || files.readText(script) !== text) {
      files.writeAtomically(script, text, { mode });
    }
    return files.isExecutable(script) && this.#watched === folder;
  }

  /** Whether one has said that it waits. */
  #look(): void {
    const { platform, onBuilt } = this.#with;
    for (const [generation, { tool, path, leader, isHeard }] of this.#opened) {
      if (leader === null || isHeard) continue;
      const pid = Number(textOrEmpty(platform, builtPath(path)));
      if (pid === 0) continue;
      this.#opened.get(generation)!.isHeard = true;
      if (isOfCommandLine(platform, tool, pid, leader)) onBuilt(generation);
      else this.execute(generation);
    }
  }
}
