/** Ruby from standby: what is compiled ahead does what it does in a cold start, whatever has changed until then. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Trial, VIEW } from "./support/ruby.ts";

const ignore = findOnPath("ruby") === null;
if (ignore) {
  console.warn("SKIPPED: standby of Ruby, for it is not installed (apt-get install ruby)");
}

/** What the program finds outside of its own folder: what takes less than 5 ms is noted with the next. */
const SITE = {
  "site/reads.rb":
    "sleep 0.01\nREAD = [ENV['COLOR'], $color, ARGV.dup, defined?(EARLY), $LOAD_PATH.size, $VERBOSE, 'text'.frozen?]\n",
  "site/one.rb": "sleep 0.01\nONE = true\n",
  "site/warns.rb": "sleep 0.01\ndef warns\n  unused = 1\nend\n",
  "site/last.rb": "LAST = true\n",
};

const PROJECT = {
  "project/app.rb":
    `require_relative "part"\nrequire "one"\nrequire "warns"\nrequire "last"\n${VIEW}`,
  "project/part.rb": "require 'reads'\nVERSION = 1\n",
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

for (const [what, { files, command = ["ruby", "app.rb", "-x"] }] of Object.entries(CASES)) {
  Deno.test({
    name: `what Ruby runs from standby is what a cold start runs: ${what}`,
    ignore,
    async fn() {
      using trial = new Trial(command, { ...SITE, ...PROJECT });
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

/** Required first, one by one: what looks around, acts, and reads is left to the program, and all after it. */
const AHEAD = {
  ...SITE,
  "site/acts.rb": "at_exit {}\nACTS = 1\n",
  "site/after.rb": "AFTER = defined?(ACTS).inspect\n",
  "project/app.rb":
    `# A comment.\nrequire "reads"\n\nrequire "one" # as it is\nrequire_relative "part"\nrequire "last"\n${VIEW}`,
  "project/part.rb": "require('warns')\nrequire 'acts'\nrequire 'after'\nVERSION = 1\n",
};

interface OwnCase {
  /** What `part.rb` is then, but for its version. */
  readonly part: string;
  /** Files that are written with it. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is required after what can be done ahead. */
  readonly acts?: string;
  readonly isCold?: true;
}

const same = "require 'warns'\nrequire 'acts'\nrequire 'after'";

const OWN: Readonly<Record<string, OwnCase>> = {
  "nothing else": { part: same },
  "one more": { part: "require 'warns'\nrequire 'set'\nrequire 'acts'\nrequire 'after'" },
  "what looks for who requires it": { part: same, acts: "ACTS = caller.size\n" },
  "what starts a thread": { part: same, acts: "ACTS = Thread.new { sleep 1 while true }\n" },
  "what starts a child": { part: same, acts: "ACTS = `echo 1`\n" },
  "what reads": { part: same, acts: "ACTS = File.read('part.rb').size\n" },
  "what fails": { part: `begin\n${same}\nrescue\n  1\nend`, acts: "raise 'no'\n", isCold: true },
  "what an import looks at": {
    part: "ENV['COLOR'] = 'red'\nEARLY = 1\nrequire 'warns'",
    isCold: true,
  },
  "an import that is gone": { part: "", isCold: true },
  "an import in another order": { part: "require 'acts'\nrequire 'warns'", isCold: true },
  "an import on a condition": { part: "require 'warns' if ARGV.empty?", isCold: true },
  "what comes before all": { part: "require 'warns'\nBEGIN { EARLY = 1 }", isCold: true },
  "what goes on": { part: "require 'warns'\n  .to_s", isCold: true },
  "a file that was run": {
    part: "require 'warns'",
    files: { "site/one.rb": "ONE = 'new'\nEARLY = 3\n" },
    isCold: true,
  },
  "a file that does not parse": { part: "require 'warns'\ndef" },
};

for (const [what, { part, files = {}, acts, isCold = false }] of Object.entries(OWN)) {
  Deno.test({
    name: `what Ruby requires ahead is what a cold start requires: ${what}`,
    ignore,
    async fn() {
      const before = acts === undefined ? AHEAD : { ...AHEAD, "site/acts.rb": acts };
      using trial = new Trial(["ruby", "app.rb", "-x"], before);
      const save = () => {
        const all = { ...files, "project/part.rb": `${part}\nVERSION = 2\n` };
        Object.entries(all).forEach(([name, text]) => trial.write(name, text));
      };
      const { ended, left } = await trial.standby(save, true);
      assertEquals(left, ["acts"]);
      const cold = await trial.cold();
      assertEquals(ended.result.split("\n"), cold.result.split("\n"));
      assertEquals([ended.status, ended.stderr], [cold.status, cold.stderr]);
      assertEquals(trial.hasStartedOver, isCold);
    },
  });
}

Deno.test({
  name: "what Ruby has required ahead is void as soon as a file of it changes",
  ignore,
  // Its last words are waited for once it is ended.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    using trial = new Trial(["ruby", "app.rb", "-x"], AHEAD);
    const save = () => trial.write("site/one.rb", "ONE = 'new'\n");
    assertStringIncludes(await trial.lost(save), 'site/one.rb" has changed');
  },
});
