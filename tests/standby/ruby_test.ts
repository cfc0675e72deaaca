/** Ruby from standby: what is compiled ahead does what it does in a cold start, whatever has changed until then. */
import { assertEquals } from "@std/assert";
import type { ExitStatus, Platform } from "../../lib/platform/platform.ts";
import { platform as select } from "../../lib/platform/select.ts";
import type { Launch } from "../../lib/standby/launch.ts";
import { readLearned } from "../../lib/standby/learned.ts";
import { Parked } from "../../lib/standby/parked.ts";
import type { Warmed } from "../../lib/standby/parked_process.ts";
import { findOnPath } from "../../tools/find_on_path.ts";

const ignore = findOnPath("ruby") === null;
if (ignore) {
  console.warn("SKIPPED: standby of Ruby, for it is not installed (apt-get install ruby)");
}

const hook = new URL("../../clients/ruby/standby/hook.rb", import.meta.url).pathname;

/** What the program finds outside of its own folder: what takes less than 5 ms is noted with the next. */
const SITE = {
  "reads.rb":
    "sleep 0.01\nREAD = [ENV['COLOR'], $color, ARGV.dup, defined?(EARLY), $LOAD_PATH.size, $VERBOSE, 'text'.frozen?]\n",
  "one.rb": "sleep 0.01\nONE = true\n",
  "warns.rb": "sleep 0.01\ndef warns\n  unused = 1\nend\n",
  "last.rb": "LAST = true\n",
};

/** Everything that can be asked without loading anything for it, but for where what is compiled ahead is found. */
const VIEW = `
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

const PROJECT = {
  "app.rb": `require_relative "part"\nrequire "one"\nrequire "warns"\nrequire "last"\n${VIEW}`,
  "part.rb": "require 'reads'\nVERSION = 1\n",
};

interface Case {
  /** Files that are written before the start, by their place in the folder of the case. */
  readonly files: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

const part = (code: string) => ({ files: { "project/part.rb": `${code}\nVERSION = 2\n` } });

const CASES: Readonly<Record<string, Case>> = {
  "nothing else": part("require 'reads'"),
  "what an import looks at": part(
    "ENV['COLOR'] = 'red'\n$color = 2\nARGV.clear\nEARLY = 1\nrequire 'reads'",
  ),
  "what is said of slips": part("$VERBOSE = true\nrequire 'reads'"),
  "an import that is gone": part("READ = defined?(ONE).inspect"),
  "an import in another order": part("require 'warns'\nrequire 'one'\nrequire 'reads'"),
  "a new import": part("require 'set'\nrequire 'optparse'\nrequire 'reads'"),
  "a file in another's place": {
    files: {
      ...part("$LOAD_PATH.unshift(__dir__ + '/own')\nrequire 'reads'").files,
      "project/own/reads.rb": "READ = 'own'\n",
    },
  },
  "a method that loads": part(
    "module Kernel\n  alias had require\n  def require(name)\n    name == 'reads' ? READ = 'patched' : had(name)\n  end\nend"
      .replace("READ = 'patched'", "Object.const_set(:READ, 'patched')") + "\nrequire 'reads'",
  ),
  "how Ruby compiles": part(
    "RubyVM::InstructionSequence.compile_option = { frozen_string_literal: true }\nrequire 'reads'",
  ),
  "another way to compile": part(
    "RubyVM::InstructionSequence.define_singleton_method(:load_iseq) { |path| nil }\nrequire 'reads'",
  ),
  "a file that was compiled ahead": {
    files: { ...part("require 'reads'").files, "site/one.rb": "ONE = 'new'\nEARLY = 3\n" },
  },
  "a file of the same size": {
    files: { ...part("require 'reads'").files, "site/one.rb": "ONE = 1234\n" },
  },
  "slips that are told of": { ...part("require 'reads'"), command: ["ruby", "-w", "app.rb", "-x"] },
  "a file that is loaded twice": part(
    "load 'reads.rb'\nObject.send(:remove_const, :READ)\nload 'reads.rb'",
  ),
};

interface Ended {
  readonly status: ExitStatus;
  readonly stderr: string;
  readonly result: string;
}

class Trial {
  readonly #platform: Platform = select();
  readonly #folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-ruby-" }));
  readonly #launch: Launch;

  constructor(command: readonly string[]) {
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
    for (const [name, text] of Object.entries(PROJECT)) this.write(`project/${name}`, text);
    for (const [name, text] of Object.entries(SITE)) this.write(`site/${name}`, text);
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
  async standby(save: () => void): Promise<{ ended: Ended; compiled: number }> {
    const { files } = this.#platform;
    const notes = `${this.#folder}/notes`;
    files.makeDir(notes);
    await this.#run({ BATON_STANDBY: `learn:${notes}` });
    const learned = readLearned(this.#platform, notes);
    if (typeof learned === "string") throw new Error(learned);
    const warmed = Promise.withResolvers<Warmed>();
    const parked = new Parked(this.#platform, {
      launch: this.#launch,
      address: `${this.#folder}/park`,
      mark: {},
      learned,
      cut: learned.imports.length,
      left: null,
      learnFolder: notes,
      watched: { roots: [`${this.#folder}/project`], others: [] },
      deadlineMs: 60_000,
      onWarmed: warmed.resolve,
      onLost: () => {},
    });
    await parked.start();
    const outcome = await warmed.promise;
    if (outcome.type !== "parked") throw new Error(JSON.stringify(outcome));
    save();
    const ended = await this.#ended((onStderr, onExit) => {
      parked.release({ onStderr, onExit }, { BATON_GENERATION: "2" }, []);
    });
    return { ended, compiled: outcome.modules };
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

for (const [what, { files, command = ["ruby", "app.rb", "-x"] }] of Object.entries(CASES)) {
  Deno.test({
    name: `what Ruby runs from standby is what a cold start runs: ${what}`,
    ignore,
    async fn() {
      using trial = new Trial(command);
      const save = () => Object.entries(files).forEach(([name, text]) => trial.write(name, text));
      const { ended, compiled } = await trial.standby(save);
      const cold = await trial.cold();
      assertEquals(ended.result.split("\n"), cold.result.split("\n"));
      assertEquals([ended.status, ended.stderr], [cold.status, cold.stderr]);
      assertEquals(ended.result.includes("\n2\n"), true, "It did not run what was saved");
      assertEquals(compiled >= 3, true, "Nothing was compiled ahead");
    },
  });
}
