/** A Ruby program that is started cold and from standby, and says all that it can see. */
import type { ExitStatus, Platform } from "../../../lib/platform/platform.ts";
import { platform as select } from "../../support/platform.ts";
import type { Launch } from "../../../lib/standby/launch.ts";
import { readLearned } from "../../../lib/standby/learned.ts";
import { Parked } from "../../../lib/standby/parked.ts";
import type { Warmed } from "../../../lib/standby/parked_process.ts";

const hook = new URL("../../../clients/ruby/standby/hook.rb", import.meta.url).pathname;

/** Everything that can be asked without loading anything for it, but for where what is compiled ahead is found. */
export const VIEW = `
descriptors = Dir.children("/proc/self/fd").map { |n| File.readlink("/proc/self/fd/" + n) rescue nil }
trapped = (Signal.list.keys - %w[EXIT KILL STOP SEGV BUS ILL FPE VTALRM]).map { |n| [n, trap(n, "DEFAULT")] }
view = {
  features: $LOADED_FEATURES.reject { |path| path.end_with?("/standby/hook.rb") },
  places: descriptors.compact.grep(/^\\//).grep_v(/\\/fd$/).sort,
  env: ENV.reject { |name, _| name.start_with?("BATON_") || %w[RESULT RUBYOPT].include?(name) }.sort,
  arguments: ARGV, name: $0, path: $LOAD_PATH, caller: caller, verbose: $VERBOSE, folder: Dir.pwd,
  classes: ObjectSpace.each_object(Module).map(&:to_s).grep_v(/0x|InstructionSequence/).sort,
  constants: Object.constants.sort, variables: global_variables.sort, threads: Thread.list.size, trapped: trapped,
  warning: Warning.singleton_methods(false).sort, kernel: Kernel.private_instance_methods(false).sort,
  main: self.singleton_methods.sort, encoding: Encoding.default_external, mask: File.umask,
  score: File.read("/proc/self/oom_score_adj"), comm: File.read("/proc/self/comm"),
}
File.write(ENV["RESULT"], ([READ.inspect, VERSION.to_s] + view.map(&:inspect)).join("\\n"))
`;

interface Ended {
  readonly status: ExitStatus;
  readonly stderr: string;
  readonly result: string;
}

export class Trial {
  readonly #platform: Platform = select();
  readonly #folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-ruby-" }));
  readonly #launch: Launch;

  /** `files` are by their place: of the project, or of what it finds elsewhere. */
  constructor(command: readonly string[], files: Readonly<Record<string, string>>) {
    const { RUBYOPT: _, ...env } = Deno.env.toObject();
    this.#launch = {
      command,
      cwd: `${this.#folder}/project`,
      env: {
        ...env,
        RUBYOPT: `-r${hook}`,
        RUBYLIB: `${this.#folder}/site`,
        RESULT: `${this.#folder}/result`,
      },
      stdin: "null",
    };
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const path = `${this.#folder}/${name}`;
    this.#platform.files.makeDir(path.replace(/\/[^/]*$/, ""));
    this.#platform.files.writeAtomically(path, text);
  }

  /** A start that is as it is without baton. */
  cold(): Promise<Ended> {
    return this.#run({ RUBYOPT: "" });
  }

  /** Starts it, parks another, and lets that go once `save` has been done. */
  async standby(save: () => void, own = false) {
    const { parked, modules: compiled, left } = await this.#learned(own);
    save();
    const ended = await this.#ended((onStderr, onExit) => {
      parked.release({ onStderr, onExit }, { BATON_GENERATION: "2" }, []);
    });
    return { ended, compiled, left };
  }

  /** Starts it, parks another, and has that look at its files once `save` has been done: why it is parked no more. */
  async lost(save: () => void): Promise<string> {
    const { parked, lost } = await this.#learned(true);
    save();
    parked.check();
    return await lost;
  }

  async #learned(own: boolean) {
    const notes = `${this.#folder}/notes`;
    this.#platform.files.makeDir(notes);
    await this.#run({ BATON_STANDBY: `learn:${notes}` });
    const left: string[] = [];
    for (;;) {
      const { parked, warmed, lost } = await this.#park(notes, own ? left : null);
      if (warmed.type === "leave") left.push(warmed.path);
      else if (warmed.type !== "parked") throw new Error(JSON.stringify(warmed));
      else return { parked, lost, left, modules: warmed.modules };
    }
  }

  async #park(notes: string, left: readonly string[] | null) {
    const learned = readLearned(this.#platform, notes);
    if (typeof learned === "string") throw new Error(learned);
    const warmed = Promise.withResolvers<Warmed>();
    const lost = Promise.withResolvers<string>();
    const parked = new Parked(this.#platform, {
      launch: this.#launch,
      address: `${this.#folder}/park-${left?.length ?? ""}`,
      mark: {},
      learned,
      cut: learned.imports.length,
      left,
      learnFolder: notes,
      watched: { roots: [`${this.#folder}/project`], others: [] },
      deadlineMs: 60_000,
      onWarmed: warmed.resolve,
      onLost: lost.resolve,
    });
    await parked.start();
    return { parked, warmed: await warmed.promise, lost: lost.promise };
  }

  /** Whether what was let go became a cold start. */
  get hasStartedOver(): boolean {
    return this.#platform.files.stat(`${this.#folder}/notes/over`) !== null;
  }

  #run(env: Record<string, string>): Promise<Ended> {
    return this.#ended((onStderr, onExit) => {
      this.#platform.processes.spawn({
        ...this.#launch,
        env: { ...this.#launch.env, ...env },
        stderr: "pipe",
        onStderr,
        onExit,
      });
    });
  }

  async #ended(
    start: (onStderr: (chunk: Uint8Array) => void, onExit: (status: ExitStatus) => void) => void,
  ): Promise<Ended> {
    const ended = Promise.withResolvers<ExitStatus>();
    let stderr = "";
    start((chunk) => stderr += new TextDecoder().decode(chunk), ended.resolve);
    const status = await ended.promise;
    const { files } = this.#platform;
    const path = this.#launch.env.RESULT!;
    const result = files.stat(path) === null ? "" : files.readText(path);
    files.remove(path);
    return { status, stderr, result };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
